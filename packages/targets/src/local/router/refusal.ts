import type { ServerResponse } from "node:http";
import type { Socket } from "node:net";

/** An answer that the router gives in its own name. */
export interface Refusal {
  readonly status: 400 | 401 | 404 | 500 | 502 | 503;
  /** A stable word for programs. */
  readonly error: string;
  /** A sentence for people. */
  readonly message: string;
}

const reasons: Readonly<Record<Refusal["status"], string>> = {
  400: "Bad Request",
  401: "Unauthorized",
  404: "Not Found",
  500: "Internal Server Error",
  502: "Bad Gateway",
  503: "Service Unavailable",
};

/** Answers a request. */
export function refuse(response: ServerResponse, refusal: Refusal): void {
  response.writeHead(refusal.status, refusalHeaders(refusal));
  response.end(refusalBody(refusal));
}

/** Answers a request whose connection was handed over for an upgrade, and ends the connection. */
export function refuseUpgrade(socket: Socket, refusal: Refusal): void {
  const body = refusalBody(refusal);
  const headers = {
    ...refusalHeaders(refusal),
    "content-length": Buffer.byteLength(body),
    connection: "close",
  };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  socket.end([`HTTP/1.1 ${refusal.status} ${reasons[refusal.status]}`, ...lines, "", body].join("\r\n"));
}

function refusalHeaders({ status }: Refusal): Record<string, string> {
  return {
    "content-type": "application/json",
    "cache-control": "no-store",
    ...(status === 503 ? { "retry-after": "1" } : {}),
  };
}

function refusalBody({ error, message }: Refusal): string {
  return `${JSON.stringify({ error, message })}\n`;
}

import type { IncomingMessage } from "node:http";
import type { Socket } from "node:net";
import { createProxyServer } from "httpxy";
import { describeFailure } from "../ask-http.ts";
import { chooseBackend } from "./choose-backend.ts";
import { forwardedHeaders, withoutHopByHop } from "./forwarded-headers.ts";
import { refuseUpgrade } from "./refusal.ts";
import type { Attempt, RequestCounters } from "./request-counters.ts";
import { originForm } from "./request-target.ts";
import type { RouteTable } from "./route-table.ts";

/** Whether a request asks for a WebSocket; other upgrades are answered as plain requests. */
export function isWebSocket(request: IncomingMessage): boolean {
  return request.method === "GET" && request.headers.upgrade?.toLowerCase() === "websocket";
}

/**
 * Makes the router's handler of WebSocket handshakes. A WebSocket counts as a request under way until it is
 * closed, so draining waits for it.
 */
export function upgradeForwarder(table: () => RouteTable, counters: RequestCounters) {
  const attempts = new WeakMap<object, Attempt>();
  const proxy = createProxyServer();
  // Called before the library ends the client's connection, so that the client still gets an answer.
  proxy.on("error", (error, _request, client) => {
    const socket = client as Socket | undefined;
    const attempt = socket && attempts.get(socket);
    if (socket === undefined || attempt === undefined || socket.destroyed) return;
    attempt.fail();
    if (socket.bytesWritten > 0 || !socket.writable) return;
    const message = `Instance "${attempt.instance}": ${describeFailure(error)}`;
    refuseUpgrade(socket, { status: 502, error: "BACKEND_FAILED", message });
  });
  proxy.on("proxyReqWs", (asked, _request, socket) => {
    asked.once("response", (answer) => {
      if ((answer.statusCode ?? 0) >= 500) attempts.get(socket)?.fail();
    });
  });

  return (request: IncomingMessage, socket: Socket, head: Buffer): void => {
    request.url = originForm(request.url);
    const { backend, refusal } = chooseBackend(table(), request.url);
    if (refusal !== undefined) {
      refuseUpgrade(socket, refusal);
      return;
    }
    const headers = forwardedHeaders(request.headers, request.socket.remoteAddress);
    request.headers = withoutHopByHop(request.headers, true);
    const attempt = counters.begin(backend.instance);
    attempts.set(socket, attempt);
    socket.once("close", () => attempt.end());
    // Failures arrive as the event above; the promise then resolves.
    void proxy.ws(request, socket, { target: backend.address, headers }, head);
  };
}

import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";

/** Three endpoints of a healthy service on loopback. */
export interface Endpoints {
  readonly url: string;
  readonly host: string;
  close(): Promise<void>;
}

const answers: Readonly<Record<string, object>> = {
  "/healthz": { status: "ok" },
  "/meta": { service: "api", version: "1.2.0" },
  "/openapi.json": { openapi: "3.1.0", info: { title: "api", version: "1.2.0" } },
};

/** Starts the endpoints; each answer waits for `delayMs`. */
export async function startEndpoints(delayMs: number): Promise<Endpoints> {
  const server = createServer((request, response) => {
    setTimeout(() => {
      response.setHeader("content-type", "application/json");
      response.end(JSON.stringify(answers[request.url ?? "/"] ?? {}));
    }, delayMs);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return describeServer(server);
}

/** A service that refuses connections, then is unhealthy, then is well; and when it got well, by `performance.now()`. */
export async function startLateService(
  refusesMs: number,
  wellMs: number,
): Promise<Endpoints & { wellAt(): number }> {
  const placeholder = await startEndpoints(0);
  await placeholder.close();
  const started = performance.now();
  const wellAt = started + wellMs;
  const server = createServer((request, response) => {
    const well = performance.now() >= wellAt;
    response.writeHead(well ? 200 : 503, { "content-type": "application/json" });
    response.end(JSON.stringify(well ? (answers[request.url ?? "/"] ?? {}) : { status: "starting" }));
  });
  const timer = setTimeout(
    () => server.listen(Number(new URL(placeholder.url).port), "127.0.0.1"),
    refusesMs,
  );
  const close = async () => {
    clearTimeout(timer);
    await closeServer(server);
  };
  return { url: placeholder.url, host: placeholder.host, close, wellAt: () => wellAt };
}

function describeServer(server: Server): Endpoints {
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, host: `127.0.0.1:${port}`, close: () => closeServer(server) };
}

async function closeServer(server: Server): Promise<void> {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
}

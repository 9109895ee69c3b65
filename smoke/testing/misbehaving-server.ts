import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { gzipSync } from "node:zlib";

/** A server on loopback, and how to end it. */
export interface TestServer {
  readonly url: string;
  readonly port: number;
  close(): Promise<void>;
}

type Behaviour = (request: IncomingMessage, response: ServerResponse) => void;

const json = (body: unknown, status = 200): Behaviour => {
  return (_request, response) => {
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
  };
};

/** 64 MB of nothing, which is 64 kB on the way. */
const bomb = gzipSync(Buffer.alloc(64 * 1024 * 1024));

/** Everything that can go wrong with an HTTP answer, by path. */
const behaviours: Readonly<Record<string, Behaviour>> = {
  "/ok": json({ status: "ok", version: "1.2.0" }),
  "/slow-headers": () => undefined,
  "/slow-body": (_request, response) => {
    response.writeHead(200, { "content-type": "application/json" });
    const drip = setInterval(() => response.write(" "), 40);
    response.once("close", () => clearInterval(drip));
  },
  "/endless": (_request, response) => {
    response.writeHead(200, { "content-type": "text/plain" });
    const chunk = "x".repeat(64 * 1024);
    const pour = () => {
      while (!response.destroyed && response.write(chunk));
    };
    response.on("drain", pour);
    pour();
  },
  "/reset": (request) => void request.socket.resetAndDestroy(),
  "/reset-in-body": (request, response) => {
    response.writeHead(200, { "content-type": "application/json", "content-length": "100" });
    response.write('{"status":', () => request.socket.resetAndDestroy());
  },
  "/wrong-type": (_request, response) => {
    response.writeHead(200, { "content-type": "text/html" }).end('{"status":"ok"}');
  },
  "/unhealthy": json({ status: "unhealthy" }),
  "/login-redirect": (_request, response) => response.writeHead(302, { location: "/login" }).end(),
  "/gzip-bomb": (_request, response) => {
    // The length is that of the compressed bytes, which says nothing about what comes out of them.
    const headers = { "content-type": "application/json", "content-encoding": "gzip" };
    response.writeHead(200, { ...headers, "content-length": bomb.length }).end(bomb);
  },
  "/gzip": (_request, response) => {
    const body = gzipSync(JSON.stringify({ status: "ok" }));
    response.writeHead(200, { "content-type": "application/json", "content-encoding": "gzip" }).end(body);
  },
  "/gzip-lie": (_request, response) => {
    response.writeHead(200, { "content-encoding": "gzip" }).end("not compressed");
  },
  "/unasked-encoding": (_request, response) => {
    response
      .writeHead(200, { "content-type": "application/json", "content-encoding": "snappy" })
      .end("\u0001");
  },
  "/not-http": (request) => void request.socket.end("SSH-2.0-Server\r\n"),
  "/huge-headers": (request) => {
    const lines = Array.from({ length: 8_000 }, (_, at) => `x-${at}: ${"y".repeat(100)}\r\n`);
    request.socket.end(`HTTP/1.1 200 OK\r\n${lines.join("")}\r\n`);
  },
  "/nested": (_request, response) => {
    response.writeHead(200, { "content-type": "application/json" });
    response.end("[".repeat(100_000) + "]".repeat(100_000));
  },
  "/escapes": (_request, response) => response.writeHead(500).end("\u001b[2J\u202e all is well"),
  "/invalid-json": (_request, response) => {
    response.writeHead(200, { "content-type": "application/json" }).end('{"status": ok');
  },
  "/empty": (_request, response) => response.writeHead(200).end(),
  "/busy": (_request, response) => response.writeHead(503, { "retry-after": "60" }).end("busy"),
};

/** Starts the server. A path without a behaviour gets a page with status 200, as catch-alls answer. */
export async function misbehavingServer(): Promise<TestServer> {
  let flaps = 0;
  const page = "<!doctype html><title>Shop</title><p>Welcome";
  return listen((request, response) => {
    const path = new URL(request.url ?? "/", "http://test").pathname;
    if (path === "/flapping") return json({ status: flaps++ % 2 === 0 ? "ok" : "down" })(request, response);
    const behave = behaviours[path];
    if (behave !== undefined) return behave(request, response);
    response.writeHead(200, { "content-type": "text/html" }).end(page);
  });
}

/** Starts a server on a free loopback port. */
export function listen(handle: Behaviour, host = "127.0.0.1"): Promise<TestServer> {
  return started(createServer(handle), host, "http");
}

/** Waits until a server listens. */
export async function started(server: Server, host: string, protocol: string): Promise<TestServer> {
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, host, resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `${protocol}://${host.includes(":") ? `[${host}]` : host}:${port}`,
    port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

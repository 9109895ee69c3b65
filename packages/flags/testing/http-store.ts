import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { createServer as createSocketServer, type Server as NetServer, type Socket } from "node:net";
import { freePort } from "@slipway/toolchain/testing";
import type { Flag } from "../src/document/flag.ts";
import type { FlagAcknowledgement } from "../src/source/flag-source.ts";
import { makeDocument } from "./make-flag.ts";

/** A store behind a real port that can go away, swallow what it is sent, and come back on the same port. */
export class HttpStore {
  flags: readonly Flag[];
  revision = 1;
  /** Connections that exist stay, and are not answered any more: what a host that lost its power looks like. */
  frozen = false;
  acknowledgements: FlagAcknowledgement[] = [];
  #server: Server | null = null;
  #blackHole: ReturnType<typeof createSocketServer> | null = null;
  readonly #swallowed = new Set<Socket>();
  #port = 0;

  constructor(flags: readonly Flag[]) {
    this.flags = flags;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  write(flags: readonly Flag[]): void {
    this.flags = flags;
    this.revision += 1;
  }

  async start(): Promise<this> {
    this.#server = createServer(async (request, response) => {
      // The connection stays open, and nobody is at the other end.
      if (this.frozen) return;
      if (request.url === "/acknowledge") {
        let body = "";
        for await (const chunk of request) body += chunk;
        this.acknowledgements.push(JSON.parse(body));
        response.writeHead(204).end();
        return;
      }
      const document = makeDocument(this.flags, this.revision);
      const { epoch, revision } = document;
      response.setHeader("content-type", "application/json");
      response.end(JSON.stringify(request.url === "/revision" ? { epoch, revision } : document));
    });
    this.#port ||= await freePort();
    await listen(this.#server, this.#port);
    return this;
  }

  /** The port is closed, connections are cut. */
  async stop(): Promise<void> {
    const server = this.#server;
    this.#server = null;
    server?.closeAllConnections();
    await new Promise<unknown>((resolve) => (server === null ? resolve(null) : server.close(resolve)));
    const hole = this.#blackHole;
    this.#blackHole = null;
    for (const socket of this.#swallowed) socket.destroy();
    this.#swallowed.clear();
    await new Promise<unknown>((resolve) => (hole === null ? resolve(null) : hole.close(resolve)));
  }

  /** Connections are accepted, and nothing is ever answered. */
  async swallow(): Promise<void> {
    await this.stop();
    this.#blackHole = createSocketServer((socket) => {
      this.#swallowed.add(socket);
      socket.on("error", () => {});
      socket.resume();
    });
    await listen(this.#blackHole, this.#port);
  }
}

async function listen(server: NetServer, port: number): Promise<void> {
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
}

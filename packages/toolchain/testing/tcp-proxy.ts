import { connect as connectSocket, createServer, type Socket } from "node:net";

/** Stands between a client and a server on loopback, to count, to cut and to swallow. */
export interface TcpProxy {
  readonly port: number;
  /** How often the direction turned from answer to question since the proxy was made: round trips. */
  roundTrips(): number;
  /** Ends every connection without a goodbye. */
  cut(): void;
  /** Swallows everything from now on, in both directions, without closing anything. */
  swallow(): void;
  close(): Promise<void>;
}

/** Starts a proxy to a loopback port. */
export async function tcpProxy(target: number): Promise<TcpProxy> {
  const sockets = new Set<Socket>();
  let trips = 0;
  let asking = false;
  let swallowing = false;
  const server = createServer((client) => {
    const upstream = connectSocket(target, "127.0.0.1");
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      // Cut connections fail here as they are meant to.
      socket.on("error", () => undefined);
    }
    client.on("close", () => upstream.destroy());
    upstream.on("close", () => client.destroy());
    client.on("data", (chunk) => {
      if (swallowing) return;
      if (!asking) trips += 1;
      asking = true;
      upstream.write(chunk);
    });
    upstream.on("data", (chunk) => {
      if (swallowing) return;
      asking = false;
      client.write(chunk);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  const cut = () => {
    for (const socket of sockets) socket.resetAndDestroy();
    sockets.clear();
  };
  return {
    port: address.port,
    roundTrips: () => trips,
    cut,
    swallow() {
      swallowing = true;
    },
    async close() {
      cut();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

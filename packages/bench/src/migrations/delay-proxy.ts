import { createConnection, createServer, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

/** A port of this machine behind which a server is further away. */
export interface DelayProxy {
  readonly port: number;
  close(): Promise<void>;
}

/**
 * Stands before a port of loopback and holds everything back for `oneWayMs`, in each direction, in order: a round trip
 * takes twice that more. Bandwidth is not limited. Opening a connection costs its round trip too.
 */
export async function startDelayProxy(target: number, oneWayMs: number): Promise<DelayProxy> {
  const open = new Set<Socket>();
  const server = createServer({ allowHalfOpen: true }, async (client) => {
    track(open, client);
    client.pause();
    await sleep(2 * oneWayMs);
    const upstream = createConnection({ port: target, host: "127.0.0.1", allowHalfOpen: true });
    track(open, upstream);
    forward(client, upstream, oneWayMs);
    forward(upstream, client, oneWayMs);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the delay proxy has no port");
  return {
    port: address.port,
    close: () =>
      new Promise((resolve) => {
        for (const socket of open) socket.destroy();
        server.close(() => resolve());
      }),
  };
}

// Timers of one length fire in the order in which they were set, so bytes stay in order.
function forward(from: Socket, to: Socket, delayMs: number): void {
  to.setNoDelay(true);
  from.on("data", (chunk) => setTimeout(() => to.writable && to.write(chunk), delayMs));
  from.on("end", () => setTimeout(() => to.end(), delayMs));
  from.resume();
}

function track(open: Set<Socket>, socket: Socket): void {
  open.add(socket);
  socket.on("close", () => open.delete(socket));
  // A client that goes away in the middle is its own affair: whoever measures sees the exit code.
  socket.on("error", () => socket.destroy());
}

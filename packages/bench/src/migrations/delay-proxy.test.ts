import { createConnection, createServer, type Socket } from "node:net";
import { expect, test } from "vitest";
import { startDelayProxy } from "./delay-proxy.ts";

test("every round trip through the proxy takes at least its delay, and bytes arrive whole and in order", async () => {
  const echo = createServer((socket) => socket.pipe(socket));
  await new Promise<void>((resolve) => echo.listen(0, "127.0.0.1", resolve));
  const { port } = echo.address() as { port: number };
  const proxy = await startDelayProxy(port, 10);
  const socket = createConnection({ port: proxy.port, host: "127.0.0.1" });
  try {
    const started = performance.now();
    await ask(socket, "first");
    // One for the connection, one for the question; timers may fire up to a millisecond early.
    expect(performance.now() - started).toBeGreaterThanOrEqual(36);
    const text = Array.from({ length: 50_000 }, (_, index) => index).join(" ");
    expect(await ask(socket, text)).toBe(text);
  } finally {
    socket.destroy();
    await proxy.close();
    await new Promise((resolve) => echo.close(resolve));
  }
});

/** Sends a text and gives as many bytes as come back. */
function ask(socket: Socket, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let answer = "";
    const take = (chunk: Buffer) => {
      answer += chunk.toString("latin1");
      if (answer.length < text.length) return;
      socket.off("data", take);
      resolve(answer);
    };
    socket.on("data", take);
    socket.once("error", reject);
    socket.write(text);
  });
}

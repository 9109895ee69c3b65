import { connect } from "node:net";

const EVERY_MS = 1_000;

/**
 * Calls `onGone` once the process that started this one is gone. A killed Pulumi leaves its plugins behind:
 * nobody would end them, and they would hold the environment's lease for ever.
 *
 * @param engine `host:port` of the engine, which listens there as long as it lives.
 */
export function watchParent(onGone: () => void, engine: string | undefined): void {
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid !== parent) gone();
  }, EVERY_MS);
  timer.unref();
  function gone(): void {
    clearInterval(timer);
    onGone();
  }

  // It may have ended while this process was starting: then the parent is already another one.
  if (engine === undefined) return;
  const [host, port] = engine.split(":");
  const socket = connect({ host: host ?? "", port: Number(port) });
  socket.unref();
  socket.once("connect", () => socket.destroy());
  socket.once("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "ECONNREFUSED") gone();
  });
}

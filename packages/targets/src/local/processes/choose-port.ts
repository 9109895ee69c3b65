import { createServer } from "node:net";
import { SlipwayError, sha256, systemClock } from "@slipway/kernel";

/*
 * Below the ports that operating systems give to outgoing connections (Linux from 32768, others from 49152):
 * one of those could take a port between the choice and the service's own listen.
 */
const FIRST = 20_000;
const COUNT = 12_768;
const ATTEMPTS = 200;
const LINGER_MS = 1_000;
const POLL_MS = 20;

/**
 * The ports to try for something, in order: always the same for the same name, and far apart for different
 * names, so that two environments that start at the same time do not meet.
 */
export function* portCandidates(name: string): Generator<number> {
  const start = Number.parseInt(sha256(name).slice(0, 8), 16);
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) yield FIRST + ((start + attempt) % COUNT);
}

/**
 * Chooses a loopback port that nothing listens on and nothing here has reserved.
 *
 * @param preferred taken when it is free, for example the port that the instance had before.
 * @throws {SlipwayError} PORT_IN_USE when every candidate is taken.
 */
export async function choosePort(
  name: string,
  reserved: ReadonlySet<number>,
  preferred?: number,
): Promise<number> {
  if (preferred !== undefined && !reserved.has(preferred) && (await getsFree(preferred))) return preferred;
  for (const port of portCandidates(name)) {
    if (!reserved.has(port) && (await isPortFree(port))) return port;
  }
  throw new SlipwayError("PORT_IN_USE", {
    what: `Cannot find a port for ${name}`,
    why: `${ATTEMPTS} ports from ${FIRST} on are taken`,
    todo: "End processes that are not needed, then run again",
  });
}

// The threads of a process that was killed end one after the other, and the last one closes its port.
async function getsFree(port: number): Promise<boolean> {
  const deadline = performance.now() + LINGER_MS;
  while (!(await isPortFree(port))) {
    if (performance.now() > deadline) return false;
    await systemClock.sleep(POLL_MS);
  }
  return true;
}

/** Whether a server could listen on a loopback port now. */
export function isPortFree(port: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "EADDRINUSE" || error.code === "EACCES") resolve(false);
      else reject(error);
    });
    server.listen({ port, host: "127.0.0.1", exclusive: true }, () => server.close(() => resolve(true)));
  });
}

import { existsSync, writeFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

/** The named places at which tests end or hold the process, to prove that the next run converges; in their order. */
export const failpointNames = [
  "release.lease",
  "release.wanted",
  "schema.before",
  "schema.between",
  "schema.after",
  "flag.declared",
  "service.starting",
  "service.started",
  "service.recorded",
  "traffic.before",
  "traffic.shifted",
  "traffic.recorded",
  "settle.before",
  "settle.stopped",
  "settle.flags",
  "settle.schema",
  "settle.verified",
] as const;

/** One of {@link failpointNames}. */
export type FailpointName = (typeof failpointNames)[number];

/**
 * Does nothing unless the variable SLIPWAY_FAILPOINT names this place: `<name>:kill` ends the process as
 * `kill -9` would, `<name>:hold:<file>` writes the file and waits until it is gone. A place without any
 * effect costs one comparison, and it keeps the kill tests on the code that ships.
 */
export async function failpoint(name: FailpointName): Promise<void> {
  const wanted = process.env.SLIPWAY_FAILPOINT;
  if (wanted === undefined || !wanted.startsWith(`${name}:`)) return;
  const [, action, file] = wanted.split(":");
  if (action === "kill") {
    process.kill(process.pid, "SIGKILL");
    await sleep(60_000);
  }
  if (action === "hold" && file !== undefined) {
    writeFileSync(file, String(process.pid));
    while (existsSync(file)) await sleep(20);
  }
}

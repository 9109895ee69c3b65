import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type ScratchTarget, scratchTarget } from "../../testing/scratch-target.ts";
import { tinyService } from "../../testing/tiny-service.ts";
import type { InstanceSpec } from "../target.ts";

const ROUNDS = 16;
const LATE_MS = 150;

let scratch: ScratchTarget;
beforeEach(async () => {
  scratch = await scratchTarget();
});
afterEach(() => scratch.remove());

// The same "random" moments in every run, so that a failure can be seen again.
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** A process that comes late for a launch that is closed lives for the moment that it takes to notice. */
const processesBecome = (count: number, because: string) =>
  expect.poll(() => scratch.processes(), { message: because }).toHaveLength(count);

interface Starter {
  readonly child: ChildProcess;
  readonly exited: Promise<unknown>;
}

async function starter(spec: InstanceSpec): Promise<Starter> {
  const program = join(import.meta.dirname, "../../testing/start-once.ts");
  const args = [program, scratch.folder, scratch.store, String(scratch.port), JSON.stringify(spec)];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  const exited = once(child, "exit");
  // Its streams are at their end before it closes.
  const began = await Promise.race([
    once(child.stdout, "data").then(() => true),
    once(child, "close").then(() => false),
  ]);
  expect(began, "it began").toBe(true);
  return { child, exited };
}

test("a starter that is killed at any moment leaves nothing that the next start or stop does not know", async () => {
  const spec = await tinyService(scratch.store, "1.0.0", { readyAfterMs: 20 });
  const random = seeded(20260101);
  for (let round = 0; round < ROUNDS; round++) {
    const { child, exited } = await starter(spec);
    await sleep(random() * 300);
    child.kill("SIGKILL");
    await exited;
    if (round % 2 === 0) {
      const instance = await scratch.target.start(spec);
      await scratch.routeTo([instance, 1]);
      await sleep(random() * LATE_MS);
      await processesBecome(2, `round ${round}: one service and one router`);
      expect((await fetch(scratch.url)).status).toBe(200);
    }
    await scratch.target.down();
    await sleep(round % 4 === 1 ? LATE_MS : 0);
    await processesBecome(0, `round ${round}: nothing after a stop`);
  }
}, 300_000);

test("two starters of one instance at the same time end with one process", async () => {
  const spec = await tinyService(scratch.store, "1.0.0", { readyAfterMs: 50 });
  for (let round = 0; round < 3; round++) {
    const started = [
      scratch.target.start(spec),
      starter(spec).then(({ exited }) => exited),
      scratch.target.start(spec),
    ];
    const outcomes = await Promise.allSettled(started);
    expect(outcomes.map(({ status }) => status)).toContain("fulfilled");
    const instance = await scratch.target.start(spec);
    await expect
      .poll(() => scratch.processes().filter((pid) => pid !== instance.pid).length, {
        message: "and a router",
      })
      .toBeLessThanOrEqual(1);
    await scratch.target.down();
    await processesBecome(0, "nothing after a stop");
  }
});

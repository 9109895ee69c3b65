import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { parseDeclaration } from "@slipway/flags";
import { declareFlag, killFlag, reviveFlag, waitForAcknowledgement } from "@slipway/flags/store";
import { bootstrapLedger, connect, type Database } from "@slipway/ledger";
import { scratchPostgres } from "@slipway/toolchain/testing";
import { type BenchRow, benchRow } from "../table.ts";

const PROCESSES = 20;
const KILLS = 10;
const KEY = "bench";
const reader = fileURLToPath(new URL("./propagation-reader.ts", import.meta.url));

/**
 * From the call of a kill to the moment at which a process evaluates with it, over 20 processes with a client each: with
 * LISTEN/NOTIFY, with the poll alone, and until the store has heard it of all of them.
 */
export async function benchPropagation(): Promise<BenchRow[]> {
  const postgres = await scratchPostgres();
  try {
    const url = await postgres.createDatabase();
    const db = await connect(url);
    await bootstrapLedger(db, { project: "bench", environment: "bench" });
    const declaration = parseDeclaration(KEY, { owner: "bench", initial: { enabled: true, rollout: 50 } });
    await declareFlag(db, { token: null, actor: "bench", key: KEY, declaration });
    const push = await measure(db, url, "push");
    const poll = await measure(db, url, "poll");
    await db.end();
    const name = `kill to applied, ${PROCESSES} processes`;
    return [
      benchRow(`${name}, LISTEN/NOTIFY, median`, push.applied, allowed(50), null),
      benchRow(`${name}, LISTEN/NOTIFY, p95`, [percentile(push.applied, 0.95)], allowed(50), 1),
      benchRow(`${name}, poll only, median`, poll.applied, allowed(1_500), null),
      benchRow(`${name}, poll only, p99`, [percentile(poll.applied, 0.99)], allowed(1_500), 1),
      benchRow("kill to acknowledged by all, LISTEN/NOTIFY", push.acknowledged, allowed(250), 1),
    ];
  } finally {
    postgres.remove();
  }
}

const allowed = (ms: number) => ({ name: "allowed", samples: [ms] });

async function measure(db: Database, url: string, how: "push" | "poll") {
  const samples = { applied: [] as number[], acknowledged: [] as number[] };
  const readers = Array.from({ length: PROCESSES }, () => startReader(url, how));
  try {
    for (let kill = 0; kill < KILLS; kill++) {
      const version = await ready(db, readers);
      // Not in step with the polls.
      await sleep(Math.random() * 1_000);
      const start = performance.timeOrigin + performance.now();
      const { revision } = await killFlag(db, { actor: "bench", key: KEY });
      const { applied, total, silent } = await waitForAcknowledgement(db, revision, { timeoutMs: 20_000 });
      if (applied !== PROCESSES || silent.length > 0) throw new Error(`applied by ${applied} of ${total}`);
      samples.acknowledged.push(performance.timeOrigin + performance.now() - start);
      for (const each of readers) samples.applied.push((await each.appliedAt(revision)) - start);
      await reviveFlag(db, { actor: "bench", key: KEY, expectedVersion: version + 1 });
    }
  } finally {
    await Promise.all(readers.map((each) => each.stop()));
  }
  return samples;
}

/** Waits until every reader has what the store has, and gives the flag's version. */
async function ready(db: Database, readers: readonly Reader[]): Promise<number> {
  const [row] = await db.query<{ version: string; revision: string }>(
    "select version, revision from slipway.flags where key = $1",
    [KEY],
  );
  const revision = Number(row?.revision);
  await Promise.all(readers.map((each) => each.appliedAt(revision)));
  await waitForAcknowledgement(db, revision, { timeoutMs: 20_000 });
  return Number(row?.version);
}

interface Reader {
  /** When it evaluated with a revision for the first time, in milliseconds since 1970. */
  appliedAt(revision: number): Promise<number>;
  stop(): Promise<void>;
}

function startReader(url: string, how: string): Reader {
  const child: ChildProcess = spawn(process.execPath, [reader, url, how], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const seen = new Map<number, number>();
  let newest = -1;
  createInterface({ input: child.stdout! }).on("line", (line) => {
    const [revision, at] = line.split(" ").map(Number);
    newest = revision!;
    seen.set(revision!, at!);
  });
  return {
    async appliedAt(revision) {
      const end = performance.now() + 30_000;
      while (newest < revision && performance.now() < end) await sleep(5);
      const at = seen.get(revision);
      if (at === undefined) throw new Error(`a process never evaluated with revision ${revision}`);
      return at;
    },
    async stop() {
      child.stdin?.end();
      if (child.exitCode === null) await once(child, "exit");
    },
  };
}

function percentile(samples: readonly number[], share: number): number {
  const sorted = [...samples].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)]!;
}

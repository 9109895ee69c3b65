import { execFile } from "node:child_process";
import { mkdirSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { type BenchRow, benchRow, inTurn } from "../table.ts";
import { benchPropagation } from "./bench-propagation.ts";
import { type FlagPeer, flagPeers } from "./flag-peers.ts";

const RUNS = 5;

/** Kept between runs: peers are fetched once. */
const cache = fileURLToPath(new URL("../../../../.slipway/bench", import.meta.url));
const script = fileURLToPath(new URL("./measure-process.mjs", import.meta.url));

/**
 * A boolean flag at 50 %, asked for with a fresh context each time, in milliseconds per million calls: ours beside
 * others, each measurement a process of its own, in turn. Then memory, start, what a dead store costs
 * a read, and how long a kill takes.
 */
export async function benchFlags(): Promise<BenchRow[]> {
  mkdirSync(cache, { recursive: true });
  const peers = flagPeers(cache);
  const rows: BenchRow[] = [];
  for (const count of [1, 1_000]) for (const peer of peers) rows.push(await beside(peer, count));
  rows.push(await throughOpenFeature());
  for (const peer of peers.filter(({ library }) => library === "unleash")) rows.push(await memory(peer));
  rows.push(await start(100, 1), await start(1_000, null), await deadStore());
  rows.push(...(await benchPropagation()));
  return rows;
}

/** 1.5 times as fast as unleash-client; the others are slower still and only shown. */
async function beside(peer: FlagPeer, count: number): Promise<BenchRow> {
  const samples = await inTurn(
    RUNS,
    () => speed("slipway", count, cache),
    () => speed(peer.library, count, peer.home),
  );
  const name = `${count === 1 ? "1 flag" : `${count.toLocaleString("en")} flags`}, per million calls`;
  const budget = peer.library === "unleash" ? 1 / 1.5 : null;
  return rounded(benchRow(name, samples.ours, { name: peer.name, samples: samples.peer }, budget));
}

async function throughOpenFeature(): Promise<BenchRow> {
  const samples = await inTurn(
    RUNS,
    () => speed("openfeature-slipway", 1, cache),
    () => speed("openfeature-memory", 1, cache, 1),
  );
  const peer = { name: "its in-memory provider, static", samples: samples.peer };
  return benchRow("through OpenFeature's SDK, per million calls", samples.ours, peer, null);
}

async function memory(peer: FlagPeer): Promise<BenchRow> {
  const megabytes = async (library: string, home: string) =>
    (await measure<{ megabytes: number }>("memory", library, "10000", home)).megabytes;
  const samples = await inTurn(
    3,
    () => megabytes("slipway", cache),
    () => megabytes(peer.library, peer.home),
  );
  return benchRow(
    "memory of 10,000 flags, in MB",
    samples.ours,
    { name: peer.name, samples: samples.peer },
    1.5,
  );
}

async function start(count: number, budget: number | null): Promise<BenchRow> {
  const samples: number[] = [];
  for (let run = 0; run < 2 * RUNS; run += 1) {
    const { ms, known } = await measure<{ ms: number; known: number }>("start", `${count}`);
    if (known < 1 || known > 19) throw new Error(`of 20 flags at 50 % ${known} were on`);
    samples.push(ms);
  }
  const name = `bootstrap of ${count.toLocaleString("en")} flags to the first value`;
  return benchRow(name, samples, { name: "allowed", samples: [5] }, budget);
}

async function deadStore(): Promise<BenchRow> {
  const server = createServer((_, response) => response.end('{"epoch":"bench","revision":1}'));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const { pairs, states } = await measure<{ pairs: [number, number][]; states: string[] }>("dead", address);
  server.closeAllConnections();
  server.close();
  if (states.join() !== "READY,STALE") throw new Error(`measured the wrong thing: ${states}`);
  const more = pairs.map(([alive, dead]) => Math.max(0, dead - alive));
  const allowed = { name: "allowed: 1 µs each", samples: [1_000] };
  return benchRow("store dead, more than alive, per million calls", more, allowed, 1);
}

/** Milliseconds per million calls. A library that does not roll out to half of the users measures something else. */
async function speed(library: string, count: number, home: string, share = 0.5): Promise<number> {
  const { perMillion, on } = await measure<{ perMillion: number; on: number }>(
    "speed",
    library,
    `${count}`,
    home,
  );
  if (Math.abs(on - share) > 0.06) throw new Error(`${library}: ${on} of the calls were on, not ${share}`);
  return perMillion;
}

async function measure<T>(...args: readonly string[]): Promise<T> {
  const { stdout } = await promisify(execFile)(process.execPath, ["--expose-gc", script, ...args]);
  return JSON.parse(stdout) as T;
}

/** The budget as it is printed. */
const rounded = (row: BenchRow): BenchRow =>
  row.budget === null ? row : { ...row, budget: Math.round(row.budget * 1_000) / 1_000 };

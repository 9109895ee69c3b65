import { mkdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { allInTurn, type BenchRow, benchRow } from "../table.ts";
import { checkTables } from "./check-tables.ts";
import { startDelayProxy } from "./delay-proxy.ts";
import { migrationPeers } from "./peers/migration-peers.ts";
import type { MigrationRunner } from "./peers/migration-runner.ts";
import { type BenchServer, startServer } from "./start-server.ts";
import { timeRunner } from "./time-runner.ts";
import { type Fixture, writeFixture } from "./write-fixture.ts";

/** Kept between runs: peers are fetched once. */
const cache = fileURLToPath(new URL("../../../../.slipway/bench", import.meta.url));
const program = fileURLToPath(new URL("./apply-migrations.mjs", import.meta.url));
const ONE_WAY_MS = 10;

type Budgets = Readonly<Record<string, number>>;

/**
 * Migrations on a fresh database, over a link of 20 ms, and with nothing to do: whole processes, Node's start included,
 * all programs in turn. Beside psql, which does the least that can be called the same (each file a transaction with a
 * row in a ledger), and beside other tools. Ours also keeps the SQL both ways and appends to the audit chain.
 *
 * On a server as it comes, which is what the budgets are about: all but the last migration of a message commit without
 * waiting for the disk, and the others wait each time. And on one without a disk, where only work counts.
 * Peers that cannot be had here are named on stderr and left out.
 */
export async function benchMigrations(): Promise<BenchRow[]> {
  mkdirSync(cache, { recursive: true });
  const fresh = {
    psql: 1.1,
    "dbmate npm": 0.8,
    "dbmate binary": 0.8,
    "node-pg-migrate": 0.8,
    "supabase db push": 0.5,
  };
  const far = { "dbmate npm": 0.15, "dbmate binary": 0.15, "supabase db push": 0.15 };
  return [
    ...(await onServer(true, 1000, (server, fixture) => applied("1,000, fresh", 7, server, fixture, fresh))),
    ...(await onServer(false, 1000, (server, fixture) => applied("1,000, no disk", 5, server, fixture, {}))),
    ...(await onServer(true, 100, async (server, fixture) => {
      const proxy = await startDelayProxy(server.port, ONE_WAY_MS);
      const through = (url: string) => url.replace(`:${server.port}/`, `:${proxy.port}/`);
      try {
        return await applied("100 over 20 ms", 3, server, fixture, far, through);
      } finally {
        await proxy.close();
      }
    })),
    ...(await onServer(true, 100, (server, fixture) =>
      nothingToDo("no-op at 100", 9, server, fixture, { "dbmate npm": 1.2 }),
    )),
  ];
}

async function onServer(
  fsync: boolean,
  count: number,
  measure: (server: BenchServer, fixture: Fixture) => Promise<BenchRow[]>,
): Promise<BenchRow[]> {
  const fixture = writeFixture(count);
  try {
    const server = await startServer({ fsync });
    try {
      return await measure(server, fixture);
    } finally {
      server.remove();
    }
  } finally {
    fixture.remove();
  }
}

async function applied(
  what: string,
  runs: number,
  server: BenchServer,
  fixture: Fixture,
  budgets: Budgets,
  through: (url: string) => string = (url) => url,
): Promise<BenchRow[]> {
  const runners = runnersOf(fixture);
  const samples = await allInTurn(
    runs,
    runners.map((runner) => async () => {
      const url = await server.freshDatabase();
      const ms = await timeRunner(runner, through(url));
      await checkTables(runner.name, url, fixture.migrations.length);
      await server.drop(url);
      return ms;
    }),
  );
  return rowsOf(what, runners, samples, budgets);
}

/** psql is left out: it keeps no account of what it did. */
async function nothingToDo(
  what: string,
  runs: number,
  server: BenchServer,
  fixture: Fixture,
  budgets: Budgets,
): Promise<BenchRow[]> {
  const runners = runnersOf(fixture).filter(({ name }) => name !== "psql");
  const urls: string[] = [];
  for (const runner of runners) {
    const url = await server.freshDatabase();
    await timeRunner(runner, url);
    await checkTables(runner.name, url, fixture.migrations.length);
    urls.push(url);
  }
  const works = runners.map((runner, index) => () => timeRunner(runner, urls[index]!));
  return rowsOf(what, runners, await allInTurn(runs, works), budgets);
}

/** Ours first, then the peers that are here. */
function runnersOf(fixture: Fixture): readonly MigrationRunner[] {
  const ours = {
    name: "slipway",
    command: (url: string) => [process.execPath, program, url, fixture.folder],
  };
  const here = migrationPeers(fixture, cache).flatMap((peer) => {
    if ("command" in peer) return [peer];
    console.error(`left out: ${peer.name}: ${peer.leftOut}`);
    return [];
  });
  return [ours, ...here];
}

function rowsOf(
  what: string,
  runners: readonly MigrationRunner[],
  [ours = [], ...others]: readonly (readonly number[])[],
  budgets: Budgets,
): BenchRow[] {
  return runners
    .slice(1)
    .map(({ name }, index) => benchRow(what, ours, { name, samples: others[index]! }, budgets[name] ?? null));
}

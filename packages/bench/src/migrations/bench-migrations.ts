import { execFile } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { type BenchRow, benchRow, inTurn, timed } from "../table.ts";
import { startServer } from "./start-server.ts";
import { type Fixture, writeFixture } from "./write-fixture.ts";

const run = promisify(execFile);
const program = fileURLToPath(new URL("./apply-migrations.mjs", import.meta.url));
const MIGRATIONS = 1000;
const RUNS = 5;

/**
 * 1,000 migrations on a fresh database beside one psql process that does the least that can be called the same: each
 * file a transaction with a row in a ledger. Whole processes, Node's start included. Ours also keeps the SQL both ways and
 * appends to the audit chain.
 *
 * On a server as it comes, which is what the budget is about: all but the last migration of a message commit without
 * waiting for the disk, and psql's wait each time. And on one that waits for no disk, where only work counts.
 */
export async function benchMigrations(): Promise<BenchRow[]> {
  const psql = findPsql();
  const fixture = writeFixture(MIGRATIONS);
  try {
    return [
      await compare("1,000 migrations, fresh database", psql, fixture, { fsync: true, budget: 1.1 }),
      await compare("1,000 migrations, fsync off", psql, fixture, { fsync: false, budget: null }),
    ];
  } finally {
    fixture.remove();
  }
}

async function compare(
  name: string,
  psql: string,
  { folder, script }: Fixture,
  { fsync, budget }: { readonly fsync: boolean; readonly budget: number | null },
): Promise<BenchRow> {
  const server = await startServer({ fsync });
  try {
    const { ours, peer } = await inTurn(
      RUNS,
      async () => {
        const url = await server.freshDatabase();
        return timed(() => run(process.execPath, [program, url, folder]));
      },
      async () => {
        const url = await server.freshDatabase();
        return timed(() => run(psql, ["-X", "-q", "-v", "ON_ERROR_STOP=1", "-d", url, "-f", script]));
      },
    );
    return benchRow(name, ours, { name: "psql", samples: peer }, budget);
  } finally {
    server.remove();
  }
}

// Debian's /usr/bin/psql is a wrapper in Perl that takes 20 ms of its own.
function findPsql(): string {
  const versions = "/usr/lib/postgresql";
  const found = existsSync(versions)
    ? readdirSync(versions)
        .map((version) => join(versions, version, "bin", "psql"))
        .filter((path) => existsSync(path))
    : [];
  return found.at(-1) ?? "psql";
}

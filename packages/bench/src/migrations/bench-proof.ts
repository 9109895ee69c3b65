import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { connect } from "@slipway/ledger";
import { type Migration, proveMigrations } from "@slipway/migrations";
import { debianPostgres, debianPrograms } from "@slipway/toolchain/testing";
import { type BenchRow, benchRow, inTurn, timed } from "../table.ts";

const run = promisify(execFile);
const TABLES = 200;
const RUNS = 7;

/**
 * The proof of one pair on a copy of a database with 200 tables, beside the same with pg_dump: copy, dump, up, dump,
 * rollback, dump, up, dump, and a look whether the dumps are equal. Ours looks at rows too.
 *
 * On Debian's Postgres, since its pg_dump refuses a newer server; in memory where Linux has that, as proofs are made.
 */
export async function benchProof(): Promise<BenchRow[]> {
  const server = await debianPostgres(existsSync("/dev/shm") ? "/dev/shm" : undefined);
  if (typeof server === "string") throw new Error(server);
  try {
    const url = await server.createDatabase("bench");
    const db = await connect(url);
    await db.script(schema(TABLES));
    await db.end();
    const { ours, peer } = await inTurn(
      RUNS,
      () => timed(() => proveOnce(server.adminUrl)),
      () => timed(() => dumpOnce(server.adminUrl)),
    );
    return [
      benchRow("proof of one pair, 200 tables", ours, { name: "pg_dump", samples: peer }, 0.5),
      benchRow("the same, beside 300 ms", ours, { name: "(limit)", samples: [300] }, 1),
    ];
  } finally {
    server.remove();
  }
}

const pair: Migration = {
  id: "2_note",
  version: "2",
  name: "note",
  up: "alter table t1 add column note text not null default ''; create index t1_note on t1 (note)",
  down: "drop index t1_note; alter table t1 drop column note",
  upSha256: "",
  downSha256: "",
  phase: "expand",
  kind: "lossy",
  reason: null,
};

/** Tables as an application has them: keys, references, indexes, checks, row security, a trigger. */
function schema(tables: number): string {
  const one = (n: number) => `
    create table t${n} (
      id bigint generated always as identity primary key, name text not null check (name <> ''), size int default 0,
      at timestamptz not null default now(), doc jsonb, parent bigint ${n > 1 ? `references t${n - 1} (id)` : ""}
    );
    create index t${n}_name on t${n} (name);
    alter table t${n} enable row level security;
    create policy own on t${n} using (size > 0);
    insert into t${n} (name) values ('a'), ('b');`;
  return Array.from({ length: tables }, (_, index) => one(index + 1)).join("");
}

async function proveOnce(adminUrl: string): Promise<void> {
  const { proofs } = await proveMigrations(adminUrl, [pair], { template: "bench" });
  if (proofs[0]?.verdict !== "pass") throw new Error(`the pair is not proved: ${proofs[0]?.why}`);
}

async function dumpOnce(adminUrl: string): Promise<void> {
  const admin = await connect(adminUrl);
  await admin.query("create database bench_dump template bench");
  const url = adminUrl.replace(/\/postgres$/, "/bench_dump");
  const dump = async () => {
    const { stdout } = await run(join(debianPrograms, "pg_dump"), ["--schema-only", "-d", url], {
      maxBuffer: 2 ** 26,
    });
    return stdout.replace(/^\\(?:un)?restrict .*$/gm, "");
  };
  const db = await connect(url);
  const before = await dump();
  await db.script(pair.up);
  const after = await dump();
  await db.script(pair.down ?? "");
  const undone = await dump();
  await db.script(pair.up);
  const again = await dump();
  await db.end();
  await admin.query("drop database bench_dump");
  await admin.end();
  if (before !== undone || after !== again) throw new Error("the dumps differ");
}

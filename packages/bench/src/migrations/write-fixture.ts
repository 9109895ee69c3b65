import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sha256 } from "@slipway/kernel";
import type { MigrationRef } from "@slipway/migrations";

/** Small migrations on disk, for us and for psql, and as data for whoever lays them out in another way. */
export interface Fixture {
  readonly migrations: readonly { readonly id: string; readonly up: string; readonly down: string }[];
  /** Holds `migrations/`, `refs.json` (as a manifest names them) and `all.sql`. */
  readonly folder: string;
  /** One psql script: each migration a transaction with a row in a ledger of one table. */
  readonly script: string;
  remove(): void;
}

/** Writes `count` migrations that make a table each. */
export function writeFixture(count: number): Fixture {
  const folder = mkdtempSync(join(tmpdir(), "slipway-bench-"));
  mkdirSync(join(folder, "migrations", "rollbacks"), { recursive: true });
  const refs: MigrationRef[] = [];
  const migrations: Fixture["migrations"][number][] = [];
  const lines = ["create table ledger (version text primary key, name text not null);"];
  for (let index = 0; index < count; index++) {
    const version = String(20_260_101_000_000 + index);
    const id = `${version}_t${index}`;
    const up = `create table public.t${index} (id int primary key, v text);\n`;
    const down = `drop table public.t${index};\n`;
    const file = join(folder, "migrations", `${id}.sql`);
    writeFileSync(file, up);
    writeFileSync(join(folder, "migrations", "rollbacks", `${id}.sql`), down);
    migrations.push({ id, up, down });
    refs.push({
      id,
      up: `sha256:${sha256(up)}`,
      down: `sha256:${sha256(down)}`,
      phase: "expand",
      kind: "lossy",
    });
    lines.push("begin;", `\\i ${file}`, `insert into ledger values ('${version}', 't${index}');`, "commit;");
  }
  writeFileSync(join(folder, "refs.json"), JSON.stringify(refs));
  const script = join(folder, "all.sql");
  writeFileSync(script, lines.join("\n"));
  return { migrations, folder, script, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { installPeer } from "../install-peer.ts";
import type { Fixture } from "./write-fixture.ts";

/** A program that brings a database to the fixture's migrations, as one process. */
export interface MigrationRunner {
  readonly name: string;
  /** The command line that migrates the database at a URL. */
  readonly command: (url: string) => readonly string[];
  readonly env?: (url: string) => Readonly<Record<string, string>>;
  readonly folder?: string;
}

/** A runner, or why it cannot be measured here. */
export type MigrationPeer = MigrationRunner | { readonly name: string; readonly leftOut: string };

const versions = {
  dbmate: "2.36.0",
  "node-pg-migrate": "9.0.0",
  "graphile-migrate": "1.4.1",
  supabase: "3.1.0",
} as const;

/** The other tools, each with the same migrations in its own layout and with its fastest documented way of running. */
export function migrationPeers(fixture: Fixture, cache: string): readonly MigrationPeer[] {
  return [
    psql(fixture),
    ...dbmate(fixture, cache),
    nodePgMigrate(fixture, cache),
    graphileMigrate(fixture, cache),
    supabase(fixture, cache),
  ];
}

function psql({ script }: Fixture): MigrationPeer {
  const program = findPsql();
  try {
    execFileSync(program, ["--version"], { stdio: "ignore" });
  } catch (error) {
    return { name: "psql", leftOut: `it does not start: ${error instanceof Error ? error.message : error}` };
  }
  return {
    name: "psql",
    command: (url) => [program, "-X", "-q", "-v", "ON_ERROR_STOP=1", "-d", url, "-f", script],
  };
}

// Debian's /usr/bin/psql is a wrapper in Perl that takes 20 ms of its own.
function findPsql(): string {
  const debian = "/usr/lib/postgresql";
  const found = existsSync(debian)
    ? readdirSync(debian)
        .map((version) => join(debian, version, "bin", "psql"))
        .filter((path) => existsSync(path))
    : [];
  return found.at(-1) ?? "psql";
}

/** Twice: started by npm's launcher, as it is used, and its binary alone. */
function dbmate({ folder, migrations }: Fixture, cache: string): readonly MigrationPeer[] {
  const names = ["dbmate npm", "dbmate binary"] as const;
  const installed = installPeer(cache, "dbmate", versions.dbmate);
  if ("leftOut" in installed) return names.map((name) => ({ name, ...installed }));
  const layout = newFolder(folder, "dbmate");
  for (const { id, up, down } of migrations)
    writeFileSync(join(layout, `${id}.sql`), `-- migrate:up\n${up}\n-- migrate:down\n${down}`);
  const modules = join(installed.home, "node_modules");
  const binary = join(modules, "@dbmate", `${process.platform}-${process.arch}`, "bin", "dbmate");
  const words = (url: string) => [
    "--url",
    `${url}?sslmode=disable`,
    "--no-dump-schema",
    "-d",
    layout,
    "migrate",
  ];
  const launcher = join(modules, "dbmate", "dist", "cli.js");
  return [
    { name: names[0], command: (url) => [process.execPath, launcher, ...words(url)] },
    existsSync(binary)
      ? { name: names[1], command: (url) => [binary, ...words(url)] }
      : { name: names[1], leftOut: "it has none for this machine" },
  ];
}

function nodePgMigrate({ folder, migrations }: Fixture, cache: string): MigrationPeer {
  const name = "node-pg-migrate";
  const installed = installPeer(cache, name, versions[name], ["pg@8.23.1"]);
  if ("leftOut" in installed) return { name, ...installed };
  const layout = newFolder(folder, name);
  for (const { id, up, down } of migrations)
    writeFileSync(join(layout, `${id}.sql`), `-- Up Migration\n${up}\n-- Down Migration\n${down}`);
  const program = join(installed.home, "node_modules", name, "bin", "node-pg-migrate.js");
  return {
    name,
    command: () => [process.execPath, program, "up", "-m", layout],
    env: (url) => ({ DATABASE_URL: url }),
  };
}

/** Its committed files carry a chain of hashes. */
function graphileMigrate({ folder, migrations }: Fixture, cache: string): MigrationPeer {
  const name = "graphile-migrate";
  const installed = installPeer(cache, name, versions[name]);
  if ("leftOut" in installed) return { name, ...installed };
  const home = newFolder(folder, name);
  const committed = newFolder(home, join("migrations", "committed"));
  writeFileSync(join(home, ".gmrc"), "{}");
  const modules = createRequire(join(installed.home, "package.json"));
  let previous: string | null = null;
  for (const [index, { up }] of migrations.entries()) {
    const chained = `${`${previous ?? ""}\n${up.trim()}`.trim()}\n`;
    const hash: string = `sha1:${createHash("sha1").update(chained).digest("hex")}`;
    const head = `--! Previous: ${previous ?? "-"}\n--! Hash: ${hash}\n\n`;
    writeFileSync(join(committed, `${String(index + 1).padStart(6, "0")}.sql`), `${head}${up.trim()}\n`);
    previous = hash;
  }
  const program = join(dirname(modules.resolve("graphile-migrate/package.json")), "dist", "cli.js");
  return {
    name,
    folder: home,
    command: () => [process.execPath, program, "migrate"],
    env: (url) => ({ DATABASE_URL: url }),
  };
}

/** Its binary alone, without the launcher, told to send nothing home. */
function supabase({ folder, migrations }: Fixture, cache: string): MigrationPeer {
  const name = "supabase db push";
  const installed = installPeer(cache, "supabase", versions.supabase);
  if ("leftOut" in installed) return { name, ...installed };
  const platform = `cli-${process.platform === "win32" ? "windows" : process.platform}-${process.arch}`;
  const binary = join(installed.home, "node_modules", "@supabase", platform, "bin", "supabase");
  if (!existsSync(binary)) return { name, leftOut: "it has no binary for this machine" };
  const home = newFolder(folder, "supabase-project");
  const layout = newFolder(home, join("supabase", "migrations"));
  writeFileSync(join(home, "supabase", "config.toml"), 'project_id = "bench"\n');
  for (const { id, up } of migrations) writeFileSync(join(layout, `${id}.sql`), up);
  return {
    name,
    folder: home,
    command: (url) => [binary, "db", "push", "--db-url", `${url}?sslmode=disable`, "--yes"],
    env: () => ({
      HOME: home,
      DO_NOT_TRACK: "1",
      SUPABASE_TELEMETRY_DISABLED: "1",
      SUPABASE_INTERNAL_NO_UPDATE_CHECK: "1",
    }),
  };
}

function newFolder(parent: string, name: string): string {
  const path = join(parent, name);
  mkdirSync(path, { recursive: true });
  return path;
}

import { execFileSync } from "node:child_process";
import { chmodSync, chownSync, existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { postgresBinaries } from "@slipway/toolchain";
import { freePort } from "@slipway/toolchain/testing";
import pg from "pg";

/** A Postgres server to measure on. */
export interface BenchServer {
  readonly port: number;
  /** Makes an empty database, with nothing left to write from before, and gives its URL. */
  freshDatabase(): Promise<string>;
  /** Drops the database that a URL names: many large ones would slow down the next. */
  drop(url: string): Promise<void>;
  remove(): void;
}

/**
 * Starts the embedded Postgres with its settings as they come, on disk, or in memory where Linux has that and waiting for
 * nothing: the first is what people run, the second shows what the programs themselves need. Without fsync alone a disk
 * still decides, by how fast it makes three files for each table.
 */
export async function startServer(options: { readonly fsync: boolean }): Promise<BenchServer> {
  const { initdb, pgCtl, runAs } = postgresBinaries();
  const memory = "/dev/shm";
  const parent = !options.fsync && existsSync(memory) ? memory : tmpdir();
  const folder = mkdtempSync(join(parent, "slipway-bench-pg-"));
  chmodSync(folder, 0o755);
  if (runAs) chownSync(folder, runAs.uid, runAs.gid);
  const data = join(folder, "data");
  const spawn = { ...runAs, cwd: folder, stdio: "ignore", env: { PATH: process.env.PATH } } as const;
  execFileSync(
    initdb,
    ["-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"],
    spawn,
  );
  const port = await freePort();
  const settings = `-p ${port} -k ${folder} -c listen_addresses=127.0.0.1 -c fsync=${options.fsync ? "on" : "off"}`;
  execFileSync(pgCtl, ["-D", data, "-o", settings, "-l", join(folder, "log"), "-w", "start"], spawn);
  const urlOf = (database: string) => `postgres://postgres@127.0.0.1:${port}/${database}`;
  const admin = async (...statements: readonly string[]) => {
    const client = new pg.Client({ connectionString: urlOf("postgres") });
    await client.connect();
    for (const statement of statements) await client.query(statement);
    await client.end();
  };
  let made = 0;
  return {
    port,
    async freshDatabase() {
      const name = `bench_${++made}`;
      await admin(`create database ${name}`, "checkpoint");
      return urlOf(name);
    },
    drop: (url) => admin(`drop database ${new URL(url).pathname.slice(1)} with (force)`),
    remove() {
      execFileSync(pgCtl, ["-D", data, "-m", "immediate", "-w", "stop"], spawn);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

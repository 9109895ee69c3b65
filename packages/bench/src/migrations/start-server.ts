import { execFileSync } from "node:child_process";
import { chmodSync, chownSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { postgresBinaries } from "@slipway/toolchain";
import { freePort } from "@slipway/toolchain/testing";
import pg from "pg";

/** A Postgres server to measure on. */
export interface BenchServer {
  /** Makes an empty database, with nothing left to write from before, and gives its URL. */
  freshDatabase(): Promise<string>;
  remove(): void;
}

/**
 * Starts the embedded Postgres with its settings as they come, or without waiting for the disk: the first is what
 * people run, the second shows what the programs themselves need.
 */
export async function startServer(options: { readonly fsync: boolean }): Promise<BenchServer> {
  const { initdb, pgCtl, runAs } = postgresBinaries();
  const folder = mkdtempSync(join(tmpdir(), "slipway-bench-pg-"));
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
  let made = 0;
  return {
    async freshDatabase() {
      const client = new pg.Client({ connectionString: urlOf("postgres") });
      await client.connect();
      const name = `bench_${++made}`;
      if (made > 1) await client.query(`drop database bench_${made - 1}`);
      await client.query(`create database ${name}`);
      await client.query("checkpoint");
      await client.end();
      return urlOf(name);
    },
    remove() {
      execFileSync(pgCtl, ["-D", data, "-m", "immediate", "-w", "stop"], spawn);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

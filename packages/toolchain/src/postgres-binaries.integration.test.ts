import { chmodSync, chownSync, cpSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { postgresBinaries, reachableByOthers } from "./postgres-binaries.ts";
import { runTool } from "./run-tool.ts";

const isRoot = process.getuid?.() === 0;
let scratch: string;

beforeEach(() => {
  scratch = mkdtempSync(join(tmpdir(), "slipway-binaries-"));
  chmodSync(scratch, 0o755);
  // Copies for others go to the temporary folder.
  vi.stubEnv("TMPDIR", scratch);
});

afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(scratch, { recursive: true, force: true });
});

test("the programs are there and run", async () => {
  const { initdb, pgCtl, postgres } = postgresBinaries();
  for (const program of [initdb, pgCtl, postgres]) {
    expect((await runTool(program, ["--version"])).stdout).toMatch(/\(PostgreSQL\) 18\./);
  }
});

test("root does not run them itself", () => {
  expect(postgresBinaries().runAs).toEqual(isRoot ? { uid: 65534, gid: 65534 } : undefined);
});

test("a folder is reachable only when all above it are", () => {
  const inner = join(scratch, "a", "b");
  mkdirSync(inner, { recursive: true });
  expect(reachableByOthers(inner)).toBe(true);
  chmodSync(join(scratch, "a"), 0o700);
  expect(reachableByOthers(inner)).toBe(false);
  expect(reachableByOthers(join(scratch, "missing"))).toBe(false);
});

test("programs in a private folder are copied once, to where their user can run them", async ({ skip }) => {
  skip(!isRoot, "only root runs Postgres as another user");
  const hidden = join(scratch, "private", "native");
  cpSync(dirname(dirname(postgresBinaries().postgres)), hidden, { recursive: true, verbatimSymlinks: true });
  chmodSync(join(scratch, "private"), 0o700);
  const { postgres, runAs } = postgresBinaries(hidden);
  expect(postgres.startsWith(join(scratch, "slipway-postgres"))).toBe(true);
  expect(reachableByOthers(dirname(postgres))).toBe(true);
  const { stdout } = await runTool("setpriv", [
    `--reuid=${runAs?.uid}`,
    "--clear-groups",
    postgres,
    "--version",
  ]);
  expect(stdout).toMatch(/\(PostgreSQL\) 18\./);
  rmSync(hidden, { recursive: true });
  mkdirSync(join(hidden, "bin"), { recursive: true });
  cpSync(postgres, join(hidden, "bin", "postgres"));
  expect(postgresBinaries(hidden).postgres).toBe(postgres);
});

test("a copy that another user made is not trusted", ({ skip }) => {
  skip(!isRoot, "only root runs Postgres as another user");
  const hidden = join(scratch, "private");
  mkdirSync(join(hidden, "bin"), { recursive: true, mode: 0o700 });
  chmodSync(hidden, 0o700);
  mkdirSync(join(scratch, "slipway-postgres"));
  chownSync(join(scratch, "slipway-postgres"), 1000, 1000);
  expect(() => postgresBinaries(hidden)).toThrow(/belongs to another user/);
});

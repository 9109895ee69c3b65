import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { SlipwayError } from "@slipway/kernel";
import { exportAudit } from "@slipway/ledger";
import { afterAll, beforeAll, expect, test } from "vitest";
import { environmentOf } from "../testing/environment-of.ts";
import { fakeCli } from "../testing/fake-cli.ts";
import { ended, type ScratchProject } from "../testing/scratch-project.ts";
import { shopProject, shopReleases } from "../testing/shop.ts";

let project: ScratchProject;
const pin = () =>
  /slipway:release: (\S+)/.exec(readFileSync(join(project.root, "stacks/Pulumi.dev.yaml"), "utf8"))?.[1];
/** Runs commands side by side: none of them changes anything. */
const each = (...commands: string[]) =>
  Promise.all(commands.map((command) => project.slipway(command.split(" "))));
const json = async (command: string): Promise<Record<string, unknown>> => {
  const { stdout } = await project.slipway([...command.split(" "), "--output", "json"]);
  return JSON.parse(stdout) as Record<string, unknown>;
};

beforeAll(async () => {
  project = await shopProject(shopReleases.slice(0, 2));
});
afterAll(() => project.remove());

test("before the first up every verb says that there is nothing yet, and what to do", async () => {
  const [plan, status, history, rollback, down, verify, smoke] = await each(
    "plan",
    "status dev",
    "history",
    "rollback",
    "down",
    "audit verify",
    "smoke",
  );
  expect(plan).toMatchObject({ code: 0, stdout: expect.stringContaining("the first release here") });
  expect(status).toMatchObject({ code: 0, stdout: expect.stringContaining("verified     nothing yet") });
  expect(history).toMatchObject({ code: 0, stdout: expect.stringContaining("no runs in dev yet") });
  expect(rollback).toMatchObject({
    code: 0,
    stdout: expect.stringContaining("no release passed in dev yet"),
  });
  expect(down).toMatchObject({ code: 0, stdout: "dev is down already\n" });
  expect(verify).toMatchObject({ code: 1, stderr: expect.stringContaining("there is no chain yet") });
  expect(smoke).toMatchObject({ code: 2, stderr: expect.stringContaining("nothing was released here yet") });
});

test("without a terminal nobody is asked: up and down refuse, and nothing is changed", async () => {
  const { code, stderr } = await project.slipway(["up"]);
  expect(code).toBe(2);
  expect(stderr).toContain("TERMINAL_REQUIRED");
  expect(stderr).toContain("--yes");
  expect((await json("status")).verified).toBeNull();
});

test("the tour is for the example only: it would move the pins of a project without asking", async () => {
  const { code, stderr } = await project.slipway(["tour"]);
  expect(code).toBe(64);
  expect(stderr).toContain("is another project");
});

test("an environment is a word, a flag or SLIPWAY_ENV, and never two different ones", async () => {
  const [misspelt, both, version] = await each("plan devv", "plan dev --env staging", "up 1.1.0");
  expect(misspelt).toMatchObject({ code: 2, stderr: expect.stringContaining("Did you mean dev?") });
  expect(both).toMatchObject({
    code: 64,
    stderr: expect.stringContaining('"dev", and --env names "staging"'),
  });
  expect(version).toMatchObject({ code: 2, stderr: expect.stringContaining("slipway pin dev 1.1.0, then") });
  const { code, stderr } = await project.slipway(["plan"], { SLIPWAY_ENV: "elsewhere" });
  expect(code).toBe(2);
  expect(stderr).toContain('Cannot find environment "elsewhere": the project has dev');
});

test("up tells its steps on stderr, one line each, and the facts on stdout, also when the reader goes away", async () => {
  const child = project.start(["up", "--yes", "--output", "ndjson"]);
  const first = new Promise<string>((resolve) =>
    child.stdout?.once("data", (chunk) => resolve(String(chunk))),
  );
  const run = ended(child);
  expect(JSON.parse((await first).split("\n")[0] ?? "")).toMatchObject({ event: "plan", pins: ["1.0.0"] });
  child.stdout?.destroy();
  const { code, stderr } = await run;
  expect(code, stderr).toBe(0);
  const steps = stderr.split("\n").filter((line) => /^ {2}\w+ +(ok|failed|stopped) /.test(line));
  expect(steps.map((line) => line.trim().split(/ +/, 2)[0])).toEqual([
    "release",
    "schema",
    "search",
    "api",
    "smoke",
    "traffic",
    "settle",
  ]);
  expect(stderr).toMatch(/schema +ok +[\d.]+ s {2}applied 20260101000001_things\n/);
  expect(stderr).toMatch(/smoke +ok +[\d.]+ s {2}Release 1\.0\.0 passed 4 of 4 checks\n/);
  expect(stderr).not.toContain("Nothing to do");
});

test("up ends with what is served where, both heads, and the way back", async () => {
  await project.slipway(["pin", "dev", "1.1.0"]);
  const { code, stdout } = await project.slipway(["up", "dev", "--yes"]);
  expect(code).toBe(0);
  const { schemaHead, auditHead } = (await json("status")) as {
    schemaHead: string;
    auditHead: { seq: number; hash: string };
  };
  expect(stdout.replace(/[\d.]+ s\n/, "N s\n")).toBe(
    [
      `done dev serves 1.1.0 at ${project.url} after N s`,
      `  schema head  ${schemaHead}`,
      `  audit head   ${auditHead.seq}:${auditHead.hash}`,
      "  go back      slipway rollback 1.0.0 --env dev",
      "",
    ].join("\n"),
  );
});

test("a rollback that nobody could confirm leaves the pin alone, and one to an environment is a slip", async () => {
  const [unasked, environment, never] = await each("rollback 1.0.0", "rollback dev", "rollback 9.9.9");
  expect(unasked).toMatchObject({
    code: 2,
    stderr: expect.stringContaining("20260102000001_note (rollback SQL)"),
  });
  expect(environment).toMatchObject({
    code: 64,
    stderr: expect.stringContaining("slipway rollback --env dev"),
  });
  expect(never).toMatchObject({ code: 2, stderr: expect.stringContaining("these did: 1.1.0, 1.0.0") });
  expect(pin()).toBe("1.1.0");
});

test("a rollback that is interrupted before its run begins leaves the pin alone", async () => {
  const env = { ...(process.env as Record<string, string>), SLIPWAY_EMBEDDED_FSYNC: "off" };
  const signal = AbortSignal.abort(
    new SlipwayError("INTERRUPTED", { what: "The command was interrupted", why: "SIGINT" }),
  );
  const said = await fakeCli(["rollback", "1.0.0", "--yes"], { cwd: project.root, env, signal });
  expect(said).toMatchObject({ code: 1, stderr: expect.stringContaining("INTERRUPTED") });
  expect(pin()).toBe("1.1.0");
  expect((await json("status")).verified).toBe("1.1.0");
});

test("smoke asks instances and router, and its verdict is in the audit", async () => {
  const report = await json("smoke");
  expect(report).toMatchObject({
    verdict: "pass",
    counts: { checks: 5, failed: 0 },
    expected: { release: "1.1.0" },
  });
  const environment = environmentOf(project);
  const db = await environment.database();
  if (db === null) throw new Error("a released environment has a database");
  const last = (await Array.fromAsync(exportAudit(db))).at(-1);
  await environment.close();
  expect(last).toMatchObject({
    kind: "smoke.run",
    actor: "test",
    subject: "1.1.0",
    data: { verdict: "pass", checks: 5, failed: 0, digest: expect.stringMatching(/^sha256:/) },
  });
  const unknown = await project.slipway(["smoke", "--suite", "nope"]);
  expect(unknown).toMatchObject({ code: 64, stdout: expect.stringContaining('there is no suite "nope"') });
});

test("the chain is compared with the head in the stack's outputs, or with one that is given", async () => {
  const [stack, given, form] = await each(
    "audit verify",
    `audit verify --head 3:${"0".repeat(64)}`,
    "audit verify --head 3",
  );
  expect(stack).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/contains the head \d+ of the stack/),
  });
  expect(given).toMatchObject({ code: 1, stderr: expect.stringContaining("event 3: its hash is") });
  expect(form).toMatchObject({ code: 64 });
});

test("every result is JSON when it is asked for", async () => {
  const commands = [
    "plan",
    "status",
    "history",
    "rollback",
    "doctor",
    "audit export",
    "audit verify",
    "explain",
  ];
  for (const result of await each(...["version", "env", ...commands].map((verb) => `${verb} --output json`)))
    expect(() => JSON.parse(result.stdout), result.stderr).not.toThrow();
});

test("plan and up say the same of a pin that cannot be read, and status still shows what runs", async () => {
  project.pin("7.0.0");
  const [plan, up, status] = await each("plan", "up --yes", "status");
  project.pin("1.1.0");
  for (const refused of [plan, up])
    expect(refused).toMatchObject({ code: 2, stderr: expect.stringContaining("RELEASE_UNKNOWN") });
  expect(status).toMatchObject({ code: 2, stdout: expect.stringContaining(`served at    ${project.url}`) });
  expect(status?.stdout).toContain("not as pinned: RELEASE_UNKNOWN");
});

test("a program that fails is told in its own words, without Pulumi's stack, and the pin's revert is kept", async () => {
  const program = join(project.root, "stacks/index.ts");
  const good = readFileSync(program, "utf8");
  writeFileSync(program, 'throw new Error("the program is broken");\n');
  const { code, stdout } = await project.slipway(["rollback", "1.0.0", "--yes"]);
  writeFileSync(program, good);
  expect(code).toBe(1);
  expect(stdout).toContain("failed PULUMI_FAILED");
  expect(stdout).toContain("the program is broken");
  expect(stdout).toContain("changed      nothing");
  expect(stdout).not.toMatch(/^\s+at /m);
  expect(pin()).toBe("1.1.0");
});

test("down stops everything once, and the second time says so", async () => {
  const first = await project.slipway(["down"]);
  expect(first.stderr).toMatch(
    /^dev: stops api-1\.1\.0-\w+, the router, the embedded database; data stays\n$/,
  );
  expect(first).toMatchObject({ code: 0, stdout: "dev is down\n  again: slipway up --env dev\n" });
  expect(await project.slipway(["down"])).toMatchObject({
    code: 0,
    stdout: "dev is down already\n",
    stderr: "",
  });
  const { code, stderr } = await project.slipway(["smoke"]);
  expect(code).toBe(1);
  expect(stderr).toContain("the router does not run");
});

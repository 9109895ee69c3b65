// The verbs of `slipway flag` on one real project, in the order in which a flag lives.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { OpenEnvironment } from "@slipway/environment";
import { readFlags } from "@slipway/flags/store";
import { type Database, exportAudit, verifyAudit } from "@slipway/ledger";
import { afterAll, beforeAll, expect, test } from "vitest";
import { drive } from "../../testing/drive.ts";
import { environmentOf } from "../../testing/environment-of.ts";
import { fakeCli } from "../../testing/fake-cli.ts";
import type { Ended, ScratchProject } from "../../testing/scratch-project.ts";
import { shopProject, shopReleases } from "../../testing/shop.ts";

let project: ScratchProject;
/** Runs the command line in this process, without the second that a process takes. */
const run = (command: string, ...more: string[]): Promise<Ended> =>
  fakeCli([...command.split(" "), ...more], {
    cwd: project.root,
    env: { ...(process.env as Record<string, string>), SLIPWAY_EMBEDDED_FSYNC: "off" },
  });
const up = () => project.slipway(["up", "dev", "--yes"]);
const why = ["--reason", "the test"];

async function withDatabase<T>(work: (db: Database, environment: OpenEnvironment) => Promise<T>): Promise<T> {
  const environment = environmentOf(project);
  try {
    const db = await environment.database();
    if (db === null) throw new Error("a released environment has a database");
    return await work(db, environment);
  } finally {
    await environment.close();
  }
}
const stateOf = (key: string) => withDatabase(async (db) => (await readFlags(db, key))[0]?.state);

const patient = { timeout: 30_000, interval: 20 };
const reader = fileURLToPath(new URL("../../testing/flag-reader.mjs", import.meta.url));

/** Starts a process with a live client, which tells what it sees. */
async function startReader(name: string, key: string) {
  const url = await withDatabase((_db, environment) => environment.databaseUrl());
  const child = spawn(process.execPath, [reader, name, key], {
    env: {
      ...process.env,
      DATABASE_URL: url,
      SLIPWAY_FLAGS_BOOTSTRAP: join(project.root, ".slipway/dev/flags.json"),
    },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const seen: string[] = [];
  createInterface({ input: child.stdout }).on("line", (line) => seen.push(line));
  const end = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill("SIGCONT");
    child.kill("SIGTERM");
    await once(child, "close");
  };
  return { child, seen, end };
}

beforeAll(async () => {
  project = await shopProject(shopReleases.slice(0, 3));
});
afterAll(() => project.remove());

test("before the first up there are no flags, and it is said what to do", async () => {
  const { code, stderr } = await run("flag list");
  expect(code).toBe(2);
  expect(stderr).toContain("FLAG_UNKNOWN: Cannot use flags in dev: nothing was released there yet");
});

test("the plan shows flags to declare, up declares them, off, and services find them in a file", async () => {
  project.pin("1.1.0");
  expect((await run("plan")).stdout).toMatch(/ flag +\+ notes\n +flag +\+ search\n/);
  const { code, stderr } = await up();
  expect(code, stderr).toBe(0);
  expect(stderr).toMatch(/^ {2}notes +ok /m);
  const { stdout } = await run("flag list --output json");
  expect(JSON.parse(stdout)).toMatchObject({
    flags: [
      { key: "notes", declaration: { release: "1.1.0", owner: "shop" }, state: { enabled: false } },
      { key: "search", declaration: { release: "1.0.0" }, state: { enabled: false, rollout: 0 } },
    ],
  });
  const bootstrap = join(project.root, ".slipway/dev/flags.json");
  expect(existsSync(bootstrap)).toBe(true);
  expect(JSON.parse(readFileSync(bootstrap, "utf8"))).toMatchObject({
    flags: [{ key: "notes" }, { key: "search" }],
  });
});

test("on is a raise: without a terminal and without --yes it is refused, and nothing changes", async () => {
  const unasked = await run("flag on notes", ...why);
  expect(unasked).toMatchObject({ code: 2, stderr: expect.stringContaining("TERMINAL_REQUIRED") });
  expect(await stateOf("notes")).toMatchObject({ enabled: false, rollout: 0 });
  const { code, stdout } = await run("flag on notes --yes --wait 0s", ...why);
  expect(code).toBe(0);
  expect(stdout).toContain("turned on notes in dev: on 100 %\n");
  expect(await stateOf("notes")).toMatchObject({ enabled: true, rollout: 100 });
});

test("keys, flags and numbers that are wrong are told with what was probably meant", async () => {
  const [key, flag, verb, reason, percent] = await Promise.all([
    run("flag kill notse", ...why),
    run("flag kill notes --resaon x"),
    run("flag kil notes"),
    run("flag kill notes"),
    run("flag set notes --percent 200", ...why),
  ]);
  expect(key).toMatchObject({ code: 2, stderr: expect.stringContaining("Did you mean notes?") });
  expect(flag).toMatchObject({ code: 64, stderr: expect.stringContaining("Did you mean --reason?") });
  expect(verb).toMatchObject({
    code: 64,
    stderr: expect.stringContaining("Did you mean slipway flag kill?"),
  });
  expect(reason).toMatchObject({ code: 64, stderr: expect.stringContaining("--reason needs a value") });
  expect(percent).toMatchObject({ code: 64, stderr: expect.stringContaining("from 0 to 100") });
  expect(await stateOf("notes")).toMatchObject({ killed: false, rollout: 100 });
});

test("set moves the share: down without a question, up with one", async () => {
  expect(await run("flag set notes --percent 20 --wait 0s", ...why)).toMatchObject({ code: 0 });
  expect(await run("flag set notes --percent 30 --wait 0s", ...why)).toMatchObject({ code: 2 });
  expect(await stateOf("notes")).toMatchObject({ enabled: true, rollout: 20 });
});

test("a kill is confirmed by every live process, and one that is silent is named", async () => {
  await run("flag on notes --yes --wait 0s", ...why);
  await run("flag set notes --percent 100 --yes --wait 0s", ...why);
  const readers = await Promise.all(
    ["reader-1", "reader-2", "reader-3"].map((name) => startReader(name, "notes")),
  );
  try {
    await expect
      .poll(() => readers.map(({ seen }) => seen.at(-1)), patient)
      .toEqual(["true", "true", "true"]);
    // A process acknowledges after it has the value: one that did not yet would not be waited for.
    await expect
      .poll(async () => (await run("flag show notes")).stdout, patient)
      .toContain("  processes    3 of 3 have it so");
    const { code, stdout } = await run("flag kill notes --wait 30s", ...why);
    expect(code, stdout).toBe(0);
    expect(stdout).toMatch(/^killed notes in dev: killed\n {2}applied {6}by 3 of 3 in \d+\.\d\d s\n$/);
    await expect
      .poll(() => readers.map(({ seen }) => seen.at(-1)), patient)
      .toEqual(["false", "false", "false"]);
    const [stuck] = readers;
    stuck?.child.kill("SIGSTOP");
    const revived = await run("flag revive notes --yes --wait 5s", ...why);
    expect(revived).toMatchObject({
      code: 4,
      stdout: expect.stringMatching(/by 2 of 3\n {2}silent {7}reader-1, last heard/),
    });
    stuck?.child.kill("SIGCONT");
    await expect.poll(() => stuck?.seen.at(-1), patient).toBe("true");
  } finally {
    await Promise.all(readers.map(({ end }) => end()));
  }
  expect((await run("flag show notes")).stdout).toContain("  processes    0 of 0 have it so");
  await run("flag set notes --percent 20 --wait 0s", ...why);
});

test("a kill of which nobody says that it was applied is made, and needs a person", async () => {
  const { code, stdout } = await run("flag kill search", ...why);
  expect(code).toBe(4);
  expect(stdout).toContain("killed search in dev: killed\n  applied      by nobody");
  expect(await stateOf("search")).toMatchObject({ killed: true });
});

test("a killed flag stays killed: on is refused, and no up, forward or back, brings it back", async () => {
  await run("flag kill notes --wait 0s", ...why);
  const on = await run("flag on notes --yes", ...why);
  expect(on).toMatchObject({ code: 2, stderr: expect.stringContaining("FLAG_KILLED") });
  await drive(project.root, "1.0.0");
  expect(await stateOf("notes")).toMatchObject({ archived: true, killed: true });
  expect(await stateOf("search")).toMatchObject({ archived: false, killed: true });
  expect((await run("flag list")).stdout).not.toContain("notes");
  await drive(project.root, "1.1.0");
  expect(await stateOf("notes")).toMatchObject({ archived: false, killed: true, rollout: 20 });
});

test("the plan of a settled release has nothing to do, whatever the flags are", async () => {
  expect((await run("plan")).stdout).toContain("dev is at 1.1.0: nothing to do");
});

test("revive brings it back as it was, or smaller, and says why in the history", async () => {
  const revived = await run("flag revive notes --percent 5 --yes --wait 0s", "--reason", "mended");
  expect(revived).toMatchObject({ code: 0, stdout: expect.stringContaining("revived notes in dev: on 5 %") });
  const { stdout } = await run("flag history notes");
  const rows = stdout.split("\n").slice(2);
  expect(rows[0]).toMatch(/ revived .* mended$/);
  expect(rows.map((row) => row.split(/ {2,}/)[3])).toEqual(
    expect.arrayContaining(["declared", "killed", "archived", "20 %"]),
  );
});

test("a ramp needs a metric or the word none, goes to the end, and a metric above its limit goes back", async () => {
  expect(await run("flag ramp search --yes", ...why)).toMatchObject({
    code: 64,
    stderr: expect.stringContaining("--metric none"),
  });
  expect(await run("flag ramp search --metric none --yes", ...why)).toMatchObject({
    code: 2,
    stderr: expect.stringContaining("FLAG_KILLED"),
  });
  const done = await run("flag ramp notes --steps 50,100 --soak 10ms --metric none --yes", ...why);
  expect(done).toMatchObject({ code: 0, stdout: "done notes is on for everybody in dev\n" });
  await run("flag off notes --wait 0s", ...why);
  project.write("bad-rate.sh", "#!/bin/sh\necho 0.5\n");
  const command = `flag ramp notes --steps 10,100 --soak 10ms --metric ${join(project.root, "bad-rate.sh")} --max 0.01 --yes`;
  expect(await run(command, ...why)).toMatchObject({
    code: 4,
    stdout: expect.stringContaining("held notes"),
  });
  expect(await stateOf("notes")).toMatchObject({ enabled: true, rollout: 10 });
  project.write("bad-rate.sh", "#!/bin/sh\necho 0.5\n", 0o755);
  const back = await run("flag ramp notes --resume");
  expect(back).toMatchObject({
    code: 3,
    stdout: expect.stringContaining("rolled back notes is at 0 % again"),
  });
  expect(await stateOf("notes")).toMatchObject({ enabled: false });
});

test("onFailure: flag-off kills the flags that the failed release brought, and no other", async () => {
  project.configure("slipway:onFailure: flag-off");
  project.pin("1.2.0");
  // Plain Pulumi first: smoke is no step of the provider, which learns of its failure only by the end of the run.
  const plain = await project.pulumi(["up", "--stack", "dev", "--yes", "--skip-preview"]);
  expect(plain.code).not.toBe(0);
  expect(await stateOf("fast-lists"), plain.stdout).toMatchObject({ killed: true });
  expect(await stateOf("notes")).toMatchObject({ killed: false });
  expect(await run("flag revive fast-lists --yes --wait 0s", ...why)).toMatchObject({ code: 0 });
  const { code, stdout, stderr } = await up();
  expect(code, stderr).toBe(4);
  expect(stdout).toContain("SMOKE_FAILED");
  expect(stdout).toContain("  flags off    fast-lists\n");
  expect(await stateOf("fast-lists")).toMatchObject({ killed: true });
  expect(await stateOf("notes")).toMatchObject({ killed: false });
  const served = await project.get("/meta");
  expect(served).toMatchObject({ body: { version: "1.1.0" } });
  const { stdout: history } = await run("flag history fast-lists");
  expect(history).toMatch(/ killed .*release 1\.2\.0 failed with/);
});

test("stale flags are listed for a pipeline, and doctor warns of them", async () => {
  const { code, stdout } = await run("flag list --stale");
  expect(code).toBe(1);
  expect(stdout).toMatch(/^notes +shop +no source names it$/m);
  project.write("src/a.mjs", `flags.isOn("notes"); flags.isOn("search"); flags.isOn("old")\n"fast-lists";\n`);
  project.commit();
  expect(await run("flag list --stale")).toMatchObject({ code: 0, stdout: "no stale flags in dev\n" });
  const doctor = (await run("doctor")).stdout;
  expect(doctor).toContain("src/a.mjs:1 asks for old, which is not declared");
  expect(doctor).toMatch(/pass {2}flags +3, none of them stale/);
});

test("everything that was done to flags is in one verifying chain with the runs", async () => {
  const events = await withDatabase((db) => Array.fromAsync(exportAudit(db)));
  expect(verifyAudit(events)).toMatchObject({ ok: true });
  const kill = events.find(({ kind, subject }) => kind === "flag.killed" && subject === "fast-lists");
  const failed = events.find(({ run, kind }) => run === kill?.run && kind === "run.opened");
  expect(failed).toBeDefined();
});

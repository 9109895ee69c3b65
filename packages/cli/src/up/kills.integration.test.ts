// Ends a run at every named point, forward and back, and the things that it works with while it is held
// there; the next run has to converge. Real Postgres, services and router, without Pulumi's seconds.
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { type FailpointName, failpointNames } from "@slipway/environment";
import { killFlag } from "@slipway/flags/store";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { drive } from "../../testing/drive.ts";
import { environmentOf } from "../../testing/environment-of.ts";
import { expectSettled } from "../../testing/expect-settled.ts";
import { kill9, postmasterOf, routerOf } from "../../testing/processes.ts";
import { type Ended, ended, type ScratchProject } from "../../testing/scratch-project.ts";
import { shopHeads, shopProject, shopReleases } from "../../testing/shop.ts";

const driver = fileURLToPath(new URL("../../testing/drive-main.ts", import.meta.url));
const fingerprints = new Map<string, string>();
let project: ScratchProject;

/** The flag that every release has, and that is killed before the first kill of a run: I7. */
const KILLED = "search";

async function settled(version: string): Promise<void> {
  await expectSettled(project, version, shopHeads[version] ?? "", fingerprints);
  const environment = environmentOf(project);
  const { flags } = await environment.observe();
  await environment.close();
  const killed = flags.filter(({ state }) => state.killed).map(({ key }) => key);
  expect(killed).toEqual(wasKilled ? [KILLED] : []);
}
let wasKilled = false;

/** Drives to a version in a process of its own, with a failpoint. */
function driveWith(version: string, failpoint: string): ChildProcess {
  return spawn(process.execPath, [driver, project.root, version], {
    env: { ...process.env, SLIPWAY_FAILPOINT: failpoint },
    stdio: ["ignore", "pipe", "pipe"],
  });
}

async function killAt(name: FailpointName, version: string): Promise<void> {
  const child = driveWith(version, `${name}:kill`);
  const { stderr } = await ended(child);
  expect(child.signalCode, stderr).toBe("SIGKILL");
}

async function converge(version: string): Promise<void> {
  await drive(project.root, version);
  await settled(version);
}

beforeAll(async () => {
  project = await shopProject(shopReleases.filter(({ version }) => version !== "1.4.0"));
  // Catalogs of fresh deploys: the first way forward, in order.
  for (const version of ["1.0.0", "1.1.0", "1.3.0", "1.0.0"]) await converge(version);
  const environment = environmentOf(project);
  const db = await environment.database();
  if (db === null) throw new Error("a released environment has a database");
  await killFlag(db, { actor: "test", reason: "I7", key: KILLED });
  await environment.close();
  wasKilled = true;
});
afterAll(async () => {
  await project.remove();
});

test.each(failpointNames)("killed at %s, forward and back, the next run converges", async (name) => {
  await killAt(name, "1.1.0");
  await converge("1.1.0");
  await killAt(name, "1.0.0");
  await converge("1.0.0");
});

describe("another pin after the kill", () => {
  const points = ["schema.after", "service.started", "traffic.shifted", "settle.schema"] as const;

  test.each(points)("killed at %s on the way over a contract, the older pin converges", async (name) => {
    await killAt(name, "1.3.0");
    await converge("1.0.0");
  });

  test.each(points)("killed at %s on the way back over a contract, the newer pin converges", async (name) => {
    await drive(project.root, "1.3.0");
    await killAt(name, "1.0.0");
    await converge("1.3.0");
  });

  test("killed at one point after the other on the way back, the run after the last one converges", async () => {
    for (const name of points) await killAt(name, "1.0.0");
    await converge("1.0.0");
  });
});

/** What is killed while a run waits at a point. */
type Victim = "database" | "old service" | "new service" | "router";

/** Whether the run goes forward, from 1.0.0 to 1.1.0, or back. */
type Way = "forward" | "back";

const ways = {
  forward: { from: "1.0.0", to: "1.1.0" },
  back: { from: "1.1.0", to: "1.0.0" },
} as const satisfies Record<Way, unknown>;

async function pidOf(victim: Victim, from: string): Promise<number> {
  const environment = environmentOf(project);
  try {
    if (victim === "database") return await postmasterOf(environment);
    if (victim === "router") return routerOf(environment);
    const { instances } = await environment.observe();
    const instance = instances.find(({ version }) => (version === from) === (victim === "old service"));
    if (instance === undefined) throw new Error(`no ${victim} runs`);
    return instance.pid;
  } finally {
    await environment.close();
  }
}

/** Holds a run at a point, kills something there, and lets the run go on to its end. */
async function killBeside(victim: Victim, name: FailpointName, way: Way): Promise<Ended> {
  const { from, to } = ways[way];
  const file = join(project.root, "held");
  const child = driveWith(to, `${name}:hold:${file}`);
  const end = ended(child);
  while (!existsSync(file) && child.exitCode === null) await sleep(20);
  await kill9(await pidOf(victim, from));
  rmSync(file, { force: true });
  return await end;
}

// In this order: each case begins where the one before ended.
describe("something dies while a run is at work", () => {
  test.each([
    ["database", "schema.before", "forward"],
    ["database", "settle.before", "back"],
    ["database", "service.started", "forward"],
    ["old service", "schema.after", "back"],
    ["new service", "settle.schema", "forward"],
    ["router", "settle.before", "back"],
    ["router", "traffic.shifted", "forward"],
    ["router", "release.wanted", "back"],
  ] as const)("the %s at %s on the way %s: the next run converges", async (victim, name, way) => {
    const { code, stderr } = await killBeside(victim, name, way);
    expect([0, 1], stderr).toContain(code);
    expect(stderr).not.toMatch(/INTERNAL|^ {4}at /m);
    await converge(ways[way].to);
  });

  test("a new service that dies after its smoke test gets no traffic", async () => {
    const { code, stderr } = await killBeside("new service", "traffic.before", "forward");
    expect(code).toBe(1);
    expect(stderr).toContain("SERVICE_EXITED");
    expect(await project.get("/meta")).toMatchObject({ body: { version: "1.0.0" } });
    await converge("1.1.0");
  });

  test("a new service that dies with the traffic does not take the old one with it", async () => {
    const { code, stderr } = await killBeside("new service", "traffic.recorded", "back");
    expect(code).toBe(1);
    expect(stderr).toContain("INVARIANT_BROKEN");
    const environment = environmentOf(project);
    const { instances } = await environment.observe();
    await environment.close();
    expect(instances.filter(({ alive }) => alive).map(({ version }) => version)).toEqual(["1.1.0"]);
    await converge("1.0.0");
  });
});

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { startLoad } from "@slipway/targets/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { expectSettled } from "../../testing/expect-settled.ts";
import type { ScratchProject } from "../../testing/scratch-project.ts";
import { shopHeads, shopProject } from "../../testing/shop.ts";

let project: ScratchProject;
const state = () => readFileSync(join(project.root, "stacks/.pulumi/stacks/shop/dev.json"), "utf8");
const settled = (version: string) => expectSettled(project, version, shopHeads[version] ?? "");
const under = async (work: () => Promise<{ code: number; stdout: string; stderr: string }>) => {
  const load = startLoad({
    url: project.url,
    requests: [{ path: "/products" }, { path: "/slow" }, { path: "/meta" }],
    ratePerSecond: 60,
  });
  const ended = await work();
  const report = await load.stop();
  expect(report.reasons).toEqual({});
  expect(report.sent).toBeGreaterThan(20);
  return ended;
};

beforeAll(async () => {
  project = await shopProject();
});
afterAll(async () => {
  await project.remove();
});

test("the first up makes database, services and router, and serves the pin", async () => {
  const { code, stdout, stderr } = await project.slipway(["up", "--yes"]);
  expect(stderr).toContain("service  + api-1.0.0-");
  expect(code, stderr).toBe(0);
  expect(stdout).toContain(`done dev serves 1.0.0 at ${project.url}`);
  await settled("1.0.0");
});

test("up again does nothing, with slipway and with plain pulumi", async () => {
  const again = await project.slipway(["up", "--yes"]);
  expect(again).toMatchObject({ code: 0, stderr: "" });
  expect(again.stdout).toContain("dev is at 1.0.0: nothing to do");
  const { code, stdout } = await project.pulumi(["up", "--stack", "dev", "--yes"]);
  expect(code).toBe(0);
  expect(stdout).toContain("9 unchanged");
});

test("plain pulumi goes forward: the preview lists what will run, and no request is dropped", async () => {
  project.pin("1.1.0");
  const preview = await project.pulumi(["preview", "--stack", "dev", "--diff"]);
  expect(preview.stdout).toMatch(/apply\s*: \[\n\s*\+ \[0\]: "20260102000001_note"/);
  await settledStill("1.0.0");
  const { code, stdout } = await under(() =>
    project.pulumi(["up", "--stack", "dev", "--yes", "--skip-preview"]),
  );
  expect(code, stdout).toBe(0);
  await settled("1.1.0");
});

test("a release that fails its smoke test gets no traffic; the pin's revert undoes its migration, no request dropped", async () => {
  project.pin("1.2.0");
  const failed = await under(() => project.pulumi(["up", "--stack", "dev", "--yes", "--skip-preview"]));
  expect(failed.code).not.toBe(0);
  expect(failed.stdout + failed.stderr).toContain("products are listed");
  expect(await project.get("/meta")).toMatchObject({ body: { version: "1.1.0" } });
  project.pin("1.1.0");
  const preview = await project.pulumi(["preview", "--stack", "dev", "--diff"]);
  expect(preview.stdout).toMatch(/undo\s*: \[\n\s*\+ \[0\]: "20260103000001_index"/);
  expect((await under(() => project.pulumi(["up", "--stack", "dev", "--yes", "--skip-preview"]))).code).toBe(
    0,
  );
  await settled("1.1.0");
});

test("slipway up rolls a failed release back by itself and exits with 3", async () => {
  project.pin("1.2.0");
  const { code, stdout } = await under(() => project.slipway(["up", "--yes"]));
  expect(stdout).toContain("rolled back dev serves 1.1.0 again");
  expect(code).toBe(3);
  await settled("1.1.0");
});

test("a jump over a contract migration goes step by step, and back again", async () => {
  project.pin("1.4.0");
  const refused = await project.pulumi(["up", "--stack", "dev", "--yes", "--skip-preview"]);
  expect(refused.stdout).toContain("SCHEMA_STEP_BY_STEP");
  expect(refused.stdout).toContain("20260104000002_drop_name");
  expect(refused.code).not.toBe(0);
  await settledStill("1.1.0");
  const forward = await under(() => project.slipway(["up", "--yes"]));
  expect(forward.stderr).toContain("in 2 steps: 1.3.0, 1.4.0");
  expect(forward.code, forward.stderr).toBe(0);
  await settled("1.4.0");
  const back = await under(() =>
    project.slipway(["rollback", "1.0.0", "--yes", "--reason", "test of the way back"]),
  );
  expect(back.code, back.stderr).toBe(0);
  await settled("1.0.0");
});

test("rollback without a version lists what passed here and what would be undone", async () => {
  const { stdout, code } = await project.slipway(["rollback", "--output", "json"]);
  expect(code).toBe(0);
  const { targets } = JSON.parse(stdout) as { targets: { version: string; current: boolean }[] };
  expect(targets.map(({ version }) => version)).toEqual(["1.0.0", "1.3.0", "1.4.0", "1.1.0"]);
  expect(targets.filter(({ current }) => current).map(({ version }) => version)).toEqual(["1.0.0"]);
});

test("history tells every run, and the reason that was given", async () => {
  const { stdout } = await project.slipway(["history", "--output", "json"]);
  const { runs } = JSON.parse(stdout) as {
    runs: { outcome: string; release: string; reason: string | null }[];
  };
  expect(runs.some(({ reason }) => reason === "test of the way back")).toBe(true);
  expect(runs.map(({ outcome }) => outcome)).not.toContain("killed");
  expect(runs.filter(({ release, outcome }) => release === "1.2.0" && outcome === "failed")).toHaveLength(2);
});

test("the exported audit verifies without a database, and an edited one does not", async () => {
  const { stdout } = await project.slipway(["audit", "export"]);
  project.write("audit.ndjson", stdout);
  const good = await project.slipway(["audit", "verify", "audit.ndjson"]);
  expect(good).toMatchObject({ code: 0 });
  project.write("edited.ndjson", stdout.replace('"run.verified"', '"run.failed"'));
  const bad = await project.slipway(["audit", "verify", "edited.ndjson"]);
  expect(bad.code).toBe(1);
  expect(bad.stderr).toContain("AUDIT_BROKEN");
});

test("nothing secret is in Pulumi's state, and no path of this machine", async () => {
  const environment = (await import("../../testing/environment-of.ts")).environmentOf(project);
  const url = new URL(await environment.databaseUrl());
  await environment.close();
  expect(url.password.length).toBeGreaterThan(8);
  expect(state()).not.toContain(url.password);
  expect(state()).not.toContain("postgres://");
  expect(state()).not.toContain(project.root);
});

async function settledStill(version: string): Promise<void> {
  expect(await project.get("/meta")).toMatchObject({ body: { version } });
  const { stdout } = await project.slipway(["status", "--output", "json"]);
  expect(JSON.parse(stdout)).toMatchObject({ verified: version, schemaHead: shopHeads[version] });
}

import { emptyLedger } from "@slipway/ledger";
import { expect, test } from "vitest";
import { settledOn, testManifest, testSettings } from "../testing/fixtures.ts";
import { wantedInstances } from "./instance.ts";
import type { Observation } from "./observation.ts";
import { planRun } from "./plan.ts";

const settings = testSettings();
const one = testManifest("1.0.0", ["01", "02"]);
const two = testManifest("1.1.0", ["01", "02", "03"]);
const idsOf = (manifest: typeof one) => wantedInstances(manifest, settings).map(({ id }) => id);
const nothing: Observation = {
  database: "absent",
  ledger: emptyLedger,
  flags: [],
  instances: [],
  traffic: { running: false, address: null, routes: [], counters: {} },
};

test("the first release applies everything, starts everything and is attempt 1", () => {
  const plan = planRun({ manifest: one, settings, observation: nothing });
  expect(plan).toMatchObject({
    direction: "first",
    change: true,
    attempt: 1,
    from: null,
    start: idsOf(one),
    stop: [],
    shift: true,
  });
  expect(plan.schema.apply.expand).toEqual(["01", "02"]);
});

test("a settled environment has nothing to do and keeps its attempt", () => {
  const plan = planRun({ manifest: one, settings, observation: settledOn(one, settings, idsOf(one), 7) });
  expect(plan).toMatchObject({
    direction: "same",
    change: false,
    attempt: 7,
    reasons: [],
    start: [],
    stop: [],
    shift: false,
  });
});

test("a moved pin goes forward: expand before the start, the old instance stopped at the end", () => {
  const plan = planRun({ manifest: two, settings, observation: settledOn(one, settings, idsOf(one), 7) });
  expect(plan).toMatchObject({
    direction: "forward",
    change: true,
    attempt: 8,
    from: "1.0.0",
    start: idsOf(two),
    stop: idsOf(one),
    shift: true,
  });
  expect(plan.schema.apply.expand).toEqual(["03"]);
});

test("a reverted pin goes back: the newer release's expand is undone at the end", () => {
  const plan = planRun({ manifest: one, settings, observation: settledOn(two, settings, idsOf(two), 8) });
  expect(plan).toMatchObject({
    direction: "back",
    change: true,
    attempt: 9,
    start: idsOf(one),
    stop: idsOf(two),
  });
  expect(plan.schema.undo).toEqual({ contract: [], expand: ["03"] });
});

test("the same pin whose last run did not pass is tried again, with a new attempt", () => {
  const observation = settledOn(one, settings, idsOf(one), 7);
  const failed = { ...observation, ledger: { ...observation.ledger, verified: null } };
  expect(planRun({ manifest: one, settings, observation: failed })).toMatchObject({
    change: true,
    attempt: 8,
    reasons: ["the last run did not pass"],
  });
});

test("a dead instance is started again, and the reason says so", () => {
  const observation = settledOn(one, settings, idsOf(one), 7);
  const dead = {
    ...observation,
    instances: observation.instances.map((instance) => ({ ...instance, alive: false })),
  };
  const plan = planRun({ manifest: one, settings, observation: dead });
  expect(plan).toMatchObject({ change: true, attempt: 8, start: idsOf(one) });
  expect(plan.reasons).toEqual([`not running: ${idsOf(one).join(", ")}`]);
});

test("a router that is gone, or sends traffic elsewhere, is drift", () => {
  const observation = settledOn(one, settings, idsOf(one), 7);
  const gone = { ...observation, traffic: { running: false, address: null, routes: [], counters: {} } };
  expect(planRun({ manifest: one, settings, observation: gone })).toMatchObject({
    change: true,
    shift: true,
  });
  const split = structuredClone(observation);
  Object.assign(split.traffic.routes[0] as object, {
    backends: [
      { instance: idsOf(one)[0], address: "", weight: 50 },
      { instance: "api-0.9.0-00000000", address: "", weight: 50 },
    ],
  });
  expect(planRun({ manifest: one, settings, observation: split })).toMatchObject({
    change: true,
    shift: true,
  });
});

test("a router that listens at another port than the stack's is a change", () => {
  const elsewhere = { ...settings, port: settings.port + 1 };
  const observation = settledOn(one, settings, idsOf(one));
  expect(planRun({ manifest: one, settings: elsewhere, observation })).toMatchObject({
    shift: true,
    reasons: [`the router listens at http://127.0.0.1:8080 and not at port ${elsewhere.port}`],
  });
});

test("a re-cut manifest of the same version is another release", () => {
  const recut = { ...one, digest: `sha256:${"0".repeat(64)}` };
  expect(
    planRun({ manifest: recut, settings, observation: settledOn(one, settings, idsOf(one)) }),
  ).toMatchObject({ change: true });
});

test("a service that did not change in a release keeps its instance", () => {
  const next = testManifest("1.1.0", ["01", "02", "03"], "1.0.0");
  const plan = planRun({ manifest: next, settings, observation: settledOn(one, settings, idsOf(one)) });
  expect(plan).toMatchObject({ start: [], stop: [], shift: false, change: true });
});

test("changed settings of a service are another instance, started beside the old one", () => {
  const variables = testSettings({ database: { env: "OTHER_DATABASE" } });
  const plan = planRun({
    manifest: one,
    settings: variables,
    observation: settledOn(one, settings, idsOf(one)),
  });
  expect(plan.start).toHaveLength(1);
  expect(plan.start[0]).toMatch(/^api-1\.0\.0-[0-9a-f]{8}$/);
  expect(plan.start).not.toEqual(idsOf(one));
  expect(plan.stop).toEqual(idsOf(one));
});

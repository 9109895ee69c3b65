import { type Observation, planRun } from "@slipway/environment";
import type { Manifest } from "@slipway/release";
import { expect, test } from "vitest";
import { expectGolden } from "../../testing/expect-golden.ts";
import { manifestOf, settings, settledOn, untouched } from "../../testing/observed.ts";
import { planView, renderPlan } from "./plan-view.ts";

const first = manifestOf("1.0.0", ["1_things"]);
const second = manifestOf("1.1.0", ["1_things", "2_note"]);
const flagged = manifestOf("1.1.0", ["1_things", "2_note"], ["new-checkout"]);
const third = manifestOf("1.2.0", ["1_things", "2_note", "3_title", "c:4_drop_name"]);

const viewOf = (manifest: Manifest, observation: Observation) =>
  planView(planRun({ manifest, settings, observation }));

test.each([
  ["first", first, untouched],
  ["forward", second, settledOn(first)],
  ["back", first, settledOn(second)],
  ["contract", third, settledOn(second)],
  ["contract-back", second, settledOn(third)],
  ["nothing", second, settledOn(second)],
  ["flag", flagged, settledOn(first)],
  ["flag-back", first, settledOn(flagged)],
])("the plan %s is as in its golden files", (name, manifest, observation) => {
  const view = viewOf(manifest, observation);
  expectGolden(`plan/${name}.txt`, renderPlan("dev", view));
  expectGolden(`plan/${name}.golden.json`, JSON.stringify(view, null, 2));
});

test("an environment that drifted says why, since the pin did not move", () => {
  const { instances, ...rest } = settledOn(second);
  const text = renderPlan("dev", viewOf(second, { ...rest, instances: [] }));
  expect(instances).toHaveLength(1);
  expect(text).toMatch(/^dev: 1\.1\.0 \(attempt 2\)\n {2}because not running: api-1\.1\.0-/);
});

test("an instance that goes on running is kept, not started", () => {
  const view = viewOf(second, { ...settledOn(second), traffic: untouched.traffic });
  expect(view).toMatchObject({ start: [], keep: [expect.stringMatching(/^api-1\.1\.0-/)], shift: true });
  expect(renderPlan("dev", view)).toContain("service  = api-1.1.0-");
});

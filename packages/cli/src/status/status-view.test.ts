import { planRun } from "@slipway/environment";
import { SlipwayError } from "@slipway/kernel";
import { expect, test } from "vitest";
import { AT, manifestOf, settings, settledOn, untouched } from "../../testing/observed.ts";
import { planView } from "../plan/plan-view.ts";
import { renderStatus, type StatusFacts, statusView } from "./status-view.ts";

const release = manifestOf("1.0.0", ["1_things"]);
const next = manifestOf("1.1.0", ["1_things", "2_note"]);
const factsOf = (manifest: typeof release, observation = settledOn(release)): StatusFacts => ({
  pin: manifest.version,
  plan: planView(planRun({ manifest, settings, observation })),
  problem: null,
  ...observation,
});

test("a settled environment is as pinned, with its instances and their share of the traffic", () => {
  const status = statusView(factsOf(release), "dev");
  expect(status).toMatchObject({
    agrees: true,
    reasons: [],
    verified: "1.0.0",
    schemaHead: "1_things",
    problem: null,
    lease: null,
    instances: [{ service: "api", version: "1.0.0", alive: true, weight: 100 }],
  });
  const [instance] = status.instances;
  expect(renderStatus(status).split("\n")).toEqual([
    "environment  dev",
    "pin          1.0.0",
    "verified     1.0.0",
    "served at    http://127.0.0.1:8080",
    "schema head  1_things",
    `audit head   13:${"9".repeat(64)}`,
    `instance     ${instance?.id}  http://127.0.0.1:4711  100 %`,
    "as pinned",
  ]);
});

test("a moved pin is told with its reasons and what to do", () => {
  const text = renderStatus(statusView(factsOf(next), "dev"));
  expect(text).toContain("not as pinned: the pin moved from 1.0.0 to 1.1.0; 1 migration to apply");
  expect(text).toContain("do: slipway up --env dev");
});

test("before the first run there is nothing, and that is said", () => {
  const text = renderStatus(statusView(factsOf(release, untouched), "dev"));
  expect(text).toContain("verified     nothing yet\nserved at    nowhere: the router does not run\n");
  expect(text).toContain("schema head  none\naudit head   none\n");
});

test("a dead instance and the holder of a live lease are named", () => {
  const settled = settledOn(release);
  const lease = {
    owner: "maria (pid 7 on host)",
    reason: "release 1.1.0",
    token: 3,
    acquiredAt: AT,
    heartbeatAt: AT,
    expiresAt: AT,
    live: true,
    pid: 7,
    host: "host",
    processStart: "1",
  };
  const facts = {
    ...factsOf(release, {
      ...settled,
      instances: settled.instances.map((instance) => ({ ...instance, alive: false })),
      ledger: { ...settled.ledger, lease },
    }),
  };
  const text = renderStatus(statusView(facts, "dev"));
  expect(text).toMatch(/instance {5}api-1\.0\.0-\w+ {2}dead {2}100 %/);
  expect(text).toContain(`held by      maria (pid 7 on host) since ${AT}: release 1.1.0`);
  const expired = { ...facts, ledger: { ...settled.ledger, lease: { ...lease, live: false } } };
  expect(statusView(expired, "dev").lease).toBeNull();
});

test("a database that does not answer hides neither the instances nor the router", () => {
  const { instances, traffic } = settledOn(release);
  const problem = new SlipwayError("DATABASE_UNREACHABLE", {
    what: "Cannot connect",
    why: "nothing listens",
  });
  const status = statusView(
    { pin: "1.0.0", plan: null, problem, database: "unreachable", ledger: null, instances, traffic },
    "dev",
  );
  expect(status).toMatchObject({ agrees: false, verified: null, problem: { code: "DATABASE_UNREACHABLE" } });
  const text = renderStatus(status, problem);
  expect(text).toContain("verified     unknown\nserved at    http://127.0.0.1:8080\nschema head  unknown");
  expect(text).toContain("not known to be as pinned: DATABASE_UNREACHABLE: Cannot connect: nothing listens");
  expect(text).toContain("instance     api-1.0.0-");
});

import { expect, test } from "vitest";
import { settledOn, testManifest, testSettings } from "../testing/fixtures.ts";
import { wantedInstances } from "./instance.ts";
import type { OpenEnvironment } from "./open-environment.ts";
import { planRun } from "./plan.ts";
import { planWarnings } from "./plan-warnings.ts";

const settings = testSettings();
const manifest = testManifest("1.0.0", ["01"]);
const ids = wantedInstances(manifest, settings).map(({ id }) => id);
const settled = settledOn(manifest, settings, ids);
const looking = (observation: typeof settled) =>
  ({ settings, observe: async () => observation, database: async () => null }) as unknown as OpenEnvironment;
const plan = planRun({ manifest, settings, observation: settled });

test("a settled environment has nothing to warn of", async () => {
  expect(await planWarnings(looking(settled), plan)).toEqual([]);
});

test("an instance that died is named", async () => {
  const dead = {
    ...settled,
    instances: settled.instances.map((instance) => ({ ...instance, alive: false })),
  };
  expect(await planWarnings(looking(dead), plan)).toEqual([`${ids[0]} died since it was started`]);
});

test("a run that was killed is named, and one that is still at work is not", async () => {
  const run = {
    id: 7,
    attempt: 7,
    release: "1.1.0",
    digest: manifest.digest,
    fromRelease: "1.0.0",
    direction: "forward",
    actor: "test",
    reason: null,
    openedAt: "2026-01-01T00:00:00Z",
    stage: "services",
    outcome: null,
    endedAt: null,
    error: null,
    leaseToken: 3,
  } as const;
  const silent = { ...settled, ledger: { ...settled.ledger, run } };
  expect(await planWarnings(looking(silent), plan)).toEqual([
    'run 7 (1.1.0) ended without a word at its stage "services"',
  ]);
  const lease = {
    owner: "x",
    reason: "x",
    token: 3,
    acquiredAt: "",
    heartbeatAt: "",
    expiresAt: "",
    live: true,
    pid: 1,
    host: "h",
    processStart: "s",
  };
  const working = { ...settled, ledger: { ...settled.ledger, run, lease } };
  expect(await planWarnings(looking(working), plan)).toEqual([]);
});

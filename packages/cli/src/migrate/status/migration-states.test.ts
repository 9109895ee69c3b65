import type { AppliedMigration } from "@slipway/ledger";
import { expect, test } from "vitest";
import { migrationStates } from "./migration-states.ts";
import { renderMigrations } from "./render-migrations.ts";

const file = (id: string, upSha256 = `up ${id}`) =>
  ({ id, phase: "expand", kind: "lossless", upSha256, downSha256: `down ${id}` }) as const;

const row = (id: string, ordinal: number): AppliedMigration => ({
  id,
  ordinal,
  release: "1.0.0",
  phase: "expand",
  kind: "lossless",
  upSha256: `up ${id}`,
  downSha256: `down ${id}`,
  appliedAt: "2026-01-05T10:00:00.000Z",
  appliedBy: "ana",
  run: 1,
  fingerprintBefore: null,
  fingerprintAfter: null,
});

const facts = {
  disk: [file("1_a"), file("2_b", "edited"), file("4_d"), file("10_e")],
  applied: [row("1_a", 1), row("2_b", 2), row("3_c", 3)],
  releases: new Map([["4_d", "1.1.0"]]),
  history: { foreign: [{ version: "4", name: "d" }], missing: ["2_b"] },
};

test("disk, ledger and history are put side by side, in the order of the versions", () => {
  const states = migrationStates(facts);
  expect(states.map(({ id, state, supabase, release }) => [id, state, supabase, release])).toEqual([
    ["1_a", "applied", "recorded", "1.0.0"],
    ["2_b", "changed", "missing", "1.0.0"],
    ["3_c", "no file", "recorded", "1.0.0"],
    ["4_d", "pending", "foreign", "1.1.0"],
    ["10_e", "pending", null, null],
  ]);
});

test("a migration that lost its rollback file is a changed one", () => {
  const disk = [{ ...file("1_a"), downSha256: null }];
  expect(migrationStates({ ...facts, disk, applied: [row("1_a", 1)], history: null })[0]).toMatchObject({
    state: "changed",
    supabase: null,
  });
});

test("a squashed file has the single ones that are applied, and waits where they are not", () => {
  const replaces = ["1_a", "2_b"].map((id) => ({ id, upSha256: `up ${id}`, downSha256: `down ${id}` }));
  const disk = [{ ...file("2_s"), replaces }];
  const statesOf = (...rows: AppliedMigration[]) =>
    migrationStates({ ...facts, disk, applied: rows, history: null }).map(({ id, state }) => [id, state]);
  expect(statesOf(row("1_a", 1), row("2_b", 2))).toEqual([
    ["1_a", "applied"],
    ["2_b", "applied"],
  ]);
  expect(statesOf(row("2_s", 1))).toEqual([["2_s", "applied"]]);
  expect(statesOf(row("1_a", 1))).toEqual([
    ["1_a", "applied"],
    ["2_s", "pending"],
  ]);
});

test("the table has the Supabase column only where there is a history, and the counts below it", () => {
  const view = { environment: "dev", head: "3_c", drift: "differs", problems: ["look"] } as const;
  const text = renderMigrations({ ...view, migrations: migrationStates(facts) });
  expect(text).toContain("supabase");
  expect(text).toContain(
    "dev: 3 applied, 2 pending; head 3_c, schema differs from what was recorded\nwarning: look",
  );
  expect(
    renderMigrations({ ...view, migrations: migrationStates({ ...facts, history: null }) }),
  ).not.toContain("supabase");
});

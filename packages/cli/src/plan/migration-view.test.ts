import { planRun } from "@slipway/environment";
import { expect, test } from "vitest";
import { expectGolden } from "../../testing/expect-golden.ts";
import { AT, manifestOf, settings, settledOn } from "../../testing/observed.ts";
import { durationText, type MigrationView, renderMigration } from "./migration-view.ts";
import { planView, renderPlan } from "./plan-view.ts";

const now = Date.parse(AT) + 2 * 86_400_000;
const catalogOnly = { locks: [], work: [], opaque: false, transactional: true, backfill: false } as const;
const never = { milliseconds: null, unknown: "never ran anywhere that is known", from: null, factor: null };
const view = (id: string, change: Partial<MigrationView> = {}): MigrationView => ({
  id,
  direction: "up",
  phase: "expand",
  kind: "lossless",
  effects: catalogOnly,
  tables: [],
  time: never,
  atStake: [],
  savedFirst: false,
  putsBack: [],
  unknown: [],
  ...change,
});
const locked = (relation: string, mode: "ACCESS EXCLUSIVE" | "SHARE") =>
  ({ relation, mode, blocks: mode === "SHARE" ? "writes" : "reads and writes" }) as const;
const orders = { name: "orders", rows: 1_200_000, bytes: 340 * 1024 ** 2 };
const item = { atLeast: false, writtenSince: null, place: "rollbacks/2_note.sql:1:1" };

const first = manifestOf("1.0.0", ["1_things"]);
const third = manifestOf("1.2.0", ["1_things", "2_note", "3_title", "c:4_drop_name"]);

test.each([
  [
    "migrations-forward",
    planRun({ manifest: third, settings, observation: settledOn(first) }),
    [
      view("2_note", {
        time: {
          milliseconds: 12,
          unknown: null,
          from: { environment: "dev", at: AT, milliseconds: 12, bytes: 0 },
          factor: null,
        },
      }),
      view("3_title", {
        kind: "lossy",
        effects: {
          ...catalogOnly,
          locks: [locked("orders", "ACCESS EXCLUSIVE"), locked("users", "SHARE")],
          work: [{ table: "orders", work: "rewrite" }],
          opaque: true,
        },
        tables: [orders],
        time: {
          milliseconds: 84_000,
          unknown: null,
          from: { environment: "staging", at: AT, milliseconds: 42_000, bytes: 170 * 1024 ** 2 },
          factor: 2,
        },
        putsBack: [{ name: "3_title__orders", rows: 2_904 }],
      }),
      view("4_drop_name", {
        phase: "contract",
        effects: {
          ...catalogOnly,
          work: [{ table: "orders", work: "scan" }],
          transactional: false,
          backfill: true,
        },
        tables: [orders],
        unknown: ["how large the tables of 4_drop_name are: canceling statement due to lock timeout"],
      }),
    ],
  ],
  [
    "migrations-back",
    planRun({ manifest: first, settings, observation: settledOn(third) }),
    [
      view("4_drop_name", { direction: "back", phase: "contract", kind: "irreversible" }),
      view("3_title", { direction: "back", kind: "lossy" }),
      view("2_note", {
        direction: "back",
        kind: "lossy",
        effects: { ...catalogOnly, locks: [locked("orders", "ACCESS EXCLUSIVE")] },
        atStake: [
          { ...item, what: "column", name: "orders.note", rows: 2_904 },
          { ...item, what: "unknown", name: "a DO block", rows: null },
        ],
        savedFirst: true,
      }),
    ],
  ],
])("the plan %s with what its migrations do is as in its golden files", (name, plan, migrations) => {
  const planned = planView(plan, migrations);
  expectGolden(`plan/${name}.txt`, renderPlan("dev", planned, now));
  expectGolden(`plan/${name}.golden.json`, JSON.stringify(planned, null, 2));
});

test("a harmless migration is one line, and one that blocks or works is not", () => {
  const render = (migration: MigrationView) => renderMigration(migration, { name: "dev", now });
  const weak = { ...locked("t", "SHARE"), mode: "SHARE UPDATE EXCLUSIVE", blocks: "nothing" } as const;
  expect(render(view("2_a", { effects: { ...catalogOnly, locks: [weak] } }))).toEqual({
    words: "no estimate (never ran anywhere that is known)",
    details: [],
  });
  const busy = render(view("2_a", { effects: { ...catalogOnly, locks: [locked("t", "SHARE")] } }));
  expect(busy.details).toEqual(["blocks writes of t (SHARE)", "time: never ran anywhere that is known"]);
});

test.each([
  [0.2, "1 ms"],
  [999.4, "999 ms"],
  [4_210, "4.2 s"],
  [84_000, "84 s"],
  [720_000, "12 min"],
  [9_000_000, "2.5 h"],
])("%d ms for people is %s", (milliseconds, text) => {
  expect(durationText(milliseconds)).toBe(text);
});

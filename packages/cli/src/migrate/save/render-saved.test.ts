import type { SavedData } from "@slipway/ledger";
import { expect, test } from "vitest";
import { renderCopy } from "./render-copy.ts";
import { bytesText, removableSaved, renderSaved } from "./render-saved.ts";

const copy = (change: Partial<SavedData>): SavedData => ({
  name: "2_note__orders",
  migration: "2_note",
  source: '"public"."orders"',
  what: "columns",
  columns: ["note"],
  rows: 2904,
  bytes: 204_800,
  savedAt: "2026-01-01T00:00:00.000000Z",
  savedBy: "ana",
  expiresAt: "2026-04-01T00:00:00.000000Z",
  expired: false,
  putBackAt: null,
  putBack: null,
  ...change,
});
const back = (kept: number, note: string | null = null) => ({
  putBackAt: "2026-01-02T00:00:00.000000Z",
  putBack: { putBack: 2904 - kept, kept, note },
});

test("each copy is told with rows, size, age and whether it is still needed", () => {
  const saved = [
    copy({}),
    copy({ name: "a", expired: true }),
    copy({ name: "b", ...back(0) }),
    copy({ name: "c", ...back(3, "the table is not there") }),
  ];
  expect(renderSaved("production", saved, Date.parse("2026-01-03T00:00:00Z")).split("\n")).toEqual([
    "copy in slipway_saved  rows   size    saved       state",
    "---------------------  -----  ------  ----------  --------------------------------------------",
    "2_note__orders         2,904  200 kB  2 days ago  kept until 2026-04-01",
    "a                      2,904  200 kB  2 days ago  expired",
    "b                      2,904  200 kB  2 days ago  put back",
    "c                      2,904  200 kB  2 days ago  put back, without 3 (the table is not there)",
    "",
    "may go: slipway migrate save remove --env production",
  ]);
  expect(removableSaved(saved).map(({ name }) => name)).toEqual(["a", "b"]);
  expect(removableSaved(saved, "c")).toEqual([]);
  expect(renderSaved("dev", [], 0)).toBe("no rollback saved anything in dev");
});

test("sizes are short", () => {
  expect([0, 8192, 1_500_000_000, 2 ** 50].map(bytesText)).toEqual(["0 B", "8.0 kB", "1.4 GB", "1024 TB"]);
});

test("one copy is told with its columns and the SQL that puts it back, and without a row of it", () => {
  const columns = [
    { name: "id", type: "integer", original: "integer", key: true },
    { name: "note", type: "text", original: "mood", key: false },
  ];
  const shown = renderCopy(copy({}), columns, Date.parse("2026-01-03T00:00:00Z"));
  expect(shown.split("\n")).toEqual([
    "slipway_saved.2_note__orders: the columns note, by the primary key",
    '  from     "public"."orders", by the rollback of 2_note',
    "  saved    2 days ago by ana, 2,904 rows, 200 kB",
    "  state    kept until 2026-04-01",
    "  columns",
    "    id integer (key)",
    "    note text, mood in the table",
    "  restore  by itself, with the next up of the migration; by hand, once the table has it all again:",
    '    update "public"."orders" t set "note" = s."note"::mood from "slipway_saved"."2_note__orders" s where t."id" = s."id";',
  ]);
  const dropped = [columns[0]!, { ...columns[1]!, original: null }];
  expect(renderCopy(copy({}), dropped, 0)).toContain('set "note" = s."note" from');
  const keyless = columns.map((column) => ({ ...column, key: false }));
  expect(renderCopy(copy({}), keyless, 0)).toContain("by hand rows have to be told apart first");
});

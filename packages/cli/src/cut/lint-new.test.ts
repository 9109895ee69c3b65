import type { Migration } from "@slipway/migrations";
import { expect, test } from "vitest";
import { lintNew } from "./lint-new.ts";

const migration = (id: string, up: string, down = "select 1;"): Migration => ({
  id,
  version: /^\d+/.exec(id)?.[0] ?? "",
  name: id.replace(/^\d+_/, ""),
  up,
  down,
  upSha256: "",
  downSha256: "",
  phase: "expand",
  kind: "lossless",
  reason: null,
});

async function lint(migrations: Migration[], known: string[] = []): Promise<string[]> {
  const told: string[] = [];
  await lintNew(migrations, { root: "/", known: new Set(known), onProgress: (line) => told.push(line) });
  return told;
}

const usesValue = "alter type mood add value 'new'; insert into t values ('new');";

test("an error in a new migration refuses the release, and is told with its place", async () => {
  await expect(lint([migration("1_a", usesValue)])).rejects.toThrow(
    expect.objectContaining({
      code: "LINT_FAILED",
      why: expect.stringContaining("migrations/1_a.sql:1:34 error ML102"),
    }),
  );
});

test("a migration of an older release is not judged again", async () => {
  expect(await lint([migration("1_a", usesValue)], ["1_a"])).toEqual([]);
});

test("warnings are told, the first ten in full, and refuse nothing", async () => {
  const indexes = Array.from({ length: 12 }, (_, n) => `create index i${n} on t (a);`).join("\n");
  const told = await lint([migration("1_a", indexes, indexes.replaceAll(/create.*/g, "drop index x;"))]);
  expect(told).toHaveLength(11);
  expect(told[0]).toContain("migrations/1_a.sql:1:1 warning ML201");
  expect(told[10]).toBe("and 2 more warnings: slipway migrate lint shows all");
});

test("a table that another new migration made is empty: its index is no warning", async () => {
  const made = migration("1_a", "create table t (a int);", "drop table t;");
  const index = migration("2_b", "create index i on t (a);", "drop index i;");
  expect(await lint([made, index])).toEqual([]);
  expect(await lint([made, index], ["1_a"])).toHaveLength(1);
});

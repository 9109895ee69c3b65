import { expect, test } from "vitest";
import { describeEffects } from "./describe-effects.ts";
import { workedTables } from "./table-work.ts";

const effects = (text: string, made?: Set<string>) => describeEffects({ file: "1_a.sql", text }, made);

test("the strongest lock of each table counts, with what others cannot do meanwhile", async () => {
  const text =
    "create index on orders (note); alter table orders add n int; create index concurrently on t (a);";
  expect((await effects(text)).locks).toEqual([
    { relation: "orders", mode: "ACCESS EXCLUSIVE", blocks: "reads and writes" },
    { relation: "t", mode: "SHARE UPDATE EXCLUSIVE", blocks: "nothing" },
  ]);
  expect((await effects("create index on orders (note);")).locks).toEqual([
    { relation: "orders", mode: "SHARE", blocks: "writes" },
  ]);
});

test("a table of the same run is locked by nobody else, and its rows are not counted as work", async () => {
  const made = new Set<string>();
  await effects("create table t (id int);", made);
  expect(await effects("create index on t (id); insert into t values (1);", made)).toMatchObject({
    locks: [],
    work: [],
  });
});

test("work is told by table, the heaviest only; code that cannot be looked into is said to be so", async () => {
  const text = "update orders set n = 1; alter table orders alter n type text; do $$ begin end $$;";
  expect(await effects(text)).toMatchObject({
    work: [{ table: "orders", work: "rewrite" }],
    opaque: true,
    transactional: true,
    backfill: false,
  });
  expect(await effects("create index concurrently i on t (a);")).toMatchObject({
    work: [{ table: "t", work: "build" }],
    transactional: false,
  });
});

test("what is sized before a run is what it works on: nothing for new tables, and for SQL that does not parse", async () => {
  const worked = (text: string) => workedTables({ file: "1_a.sql", text });
  expect(await worked("create table t (id int primary key);")).toEqual([]);
  expect(await worked("alter table t add n int;")).toEqual([]);
  expect(await worked("insert into t select id from app.s;")).toEqual(["app.s", "t"]);
  expect(await worked("alter tabel t;")).toEqual([]);
});

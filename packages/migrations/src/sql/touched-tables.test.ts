import { expect, test } from "vitest";
import { parseSql } from "./parse-sql.ts";
import { touchedTables } from "./touched-tables.ts";

test("the tables of a file are those its statements name, without the names it makes up itself", async () => {
  const text = `
    alter table public.orders add column note text;
    with recent as (select * from app.events) insert into report select * from recent join users u on true;
    create index on items (id);
    drop table old_one, app.old_two;`;
  expect(touchedTables(await parseSql({ file: "1_a.sql", text }))).toEqual([
    "app.events",
    "app.old_two",
    "items",
    "old_one",
    "orders",
    "report",
    "users",
  ]);
});

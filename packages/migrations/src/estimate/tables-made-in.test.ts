import { expect, test } from "vitest";
import { tablesMadeIn } from "./tables-made-in.ts";

test.each([
  ["create table Orders (id int)", ["orders"]],
  [
    "create table if not exists public.orders (id int); CREATE UNLOGGED TABLE app.lines ()",
    ["orders", "app.lines"],
  ],
  ['create table "Odd ""name""" (id int)', ['Odd "name"']],
  ["create view v as select 1; alter table orders add column a int", []],
])("%s makes %j", (text, tables) => {
  expect(tablesMadeIn(text)).toEqual(tables);
});

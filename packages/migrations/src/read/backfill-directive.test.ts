import { expect, test } from "vitest";
import { executionOf } from "../sql/execution-of.ts";
import { backfillOf, readBackfill } from "./backfill-directive.ts";
import { readDirectives } from "./directives.ts";

const head = "-- slipway: backfill orders by id chunk 500\n";
const execution = (sql: string) => executionOf({ file: "1_a.sql", text: head + sql });

test("a backfill names a table, the column that orders its rows, and the rows of a transaction", () => {
  expect(readBackfill(" orders by id chunk 5000")).toEqual({
    table: ["orders"],
    key: "id",
    chunk: 5000,
    rate: null,
  });
  expect(readBackfill('App."Or""ders" by "Id"')).toEqual({
    table: ["app", 'Or"ders'],
    key: "Id",
    chunk: 1000,
    rate: null,
  });
  expect(readBackfill("orders by id chunk 500 rate 2000")).toMatchObject({ chunk: 500, rate: 2000 });
  expect(readBackfill("orders by id rate 20")).toMatchObject({ chunk: 1000, rate: 20 });
  for (const wrong of [
    "",
    "orders",
    "orders id",
    "orders by id, 5",
    "orders by id chunk 0",
    "orders by id chunk 1000001",
    "orders by id rate 0",
    "orders by id rate 5 chunk 5",
  ]) {
    expect(readBackfill(wrong), wrong).toBeNull();
  }
  expect(backfillOf("select 1")).toBeNull();
});

test("what cannot be read, and a second one, are refused", () => {
  const read = (text: string) => () => readDirectives({ file: "1_a.sql", text });
  expect(read("-- slipway: backfill orders\nselect 1")).toThrow('"backfill" needs a table and a column');
  expect(read(`${head}${head}select 1`)).toThrow('"backfill" is given twice');
  expect(read(`${head}-- slipway: statement_timeout 1min\nselect 1`)()).toMatchObject({ phase: null });
});

test("its file is one statement that writes the rows from $1 to $2", async () => {
  const sql = "update orders set total = 0 where id between $1 and $2;";
  expect(await execution(sql)).toMatchObject({ mode: "backfill", backfill: { chunk: 500 } });
  await expect(execution(`${sql} ${sql}`)).rejects.toThrow("a backfill is one statement");
  await expect(execution("select 1")).rejects.toThrow("a backfill writes rows");
  await expect(execution("update orders set total = 0 where id > $1")).rejects.toThrow("has to name both");
  await expect(execution("update orders set total = $3 where id between $1 and $2")).rejects.toThrow(
    "has to name both",
  );
  await expect(execution("-- nothing")).rejects.toThrow("a backfill needs a statement");
});

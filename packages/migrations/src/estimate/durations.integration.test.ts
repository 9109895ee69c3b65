import { readDurations } from "@slipway/ledger";
import { type ScratchPostgres, scratchPostgres } from "@slipway/toolchain/testing";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { type ScratchLedger, scratchLedger } from "../../testing/scratch-ledger.ts";
import { sqlMigration } from "../../testing/sql-migration.ts";
import type { Migration } from "../migration.ts";
import { applyMigrations } from "../run/apply-migrations.ts";
import { revertMigrations } from "../run/revert-migrations.ts";
import { tableSizes } from "./table-sizes.ts";

let postgres: ScratchPostgres;
let ledger: ScratchLedger;
beforeAll(async () => {
  postgres = await scratchPostgres();
});
afterEach(() => ledger?.db.end());
afterAll(() => postgres?.remove());

async function start(): Promise<void> {
  ledger = await scratchLedger(await postgres.createDatabase());
}
const context = () => ({ token: ledger.context.token, run: null, actor: "test" });
const apply = (...migrations: Migration[]) =>
  applyMigrations(ledger.db, migrations, { ...context(), release: () => "1.0.0" });
const durationsOf = async () =>
  (await readDurations(ledger.db)).map((duration) => ({
    ...duration,
    key: `${duration.migration} ${duration.direction}`,
  }));

const orders = sqlMigration("1_orders", "create table orders (id int);", "drop table orders;");
const filled = sqlMigration(
  "2_filled",
  "insert into orders select generate_series(1, 5000);",
  "delete from orders;",
);

test("migrations of one message have times of their own, and the sizes of the tables that they work on before they do", async () => {
  await start();
  const slow = await sqlMigration("3_slow", "select pg_sleep(1.5);", "select 1;");
  const typed = await sqlMigration("4_typed", "alter table orders alter id type text;", "select 1;");
  const after = await sqlMigration("5_after", "create table after (id int);", "drop table after;");
  await apply(await orders, await filled);
  await apply(slow, typed, after);
  const [first, second, third, fourth, fifth] = await durationsOf();
  expect(first).toMatchObject({ key: "1_orders up", sha256: (await orders).upSha256, tables: [] });
  // The run made it, so it was empty.
  expect(second).toMatchObject({ key: "2_filled up", tables: [] });
  expect(third!.milliseconds).toBeGreaterThanOrEqual(1_500);
  // As much would be that of its neighbour.
  expect(fourth!.milliseconds).toBeLessThan(third!.milliseconds);
  expect(fifth!.milliseconds).toBeLessThan(third!.milliseconds);
  const [table] = fourth!.tables;
  expect(table).toMatchObject({ name: "orders", rows: null });
  expect(table!.bytes).toBeGreaterThan(5000 * 28);
});

test("the last run of each direction is kept, and one that failed leaves nothing", async () => {
  await start();
  await apply(await orders, await filled);
  await revertMigrations(ledger.db, ["2_filled"], { ...context(), allowLoss: ["2_filled"] });
  const wrong = await sqlMigration("3_wrong", "alter table orders add n int; select 1 / 0;", "select 1;");
  await apply(await filled);
  await expect(apply(wrong)).rejects.toThrow(/division by zero/);
  const kept = await durationsOf();
  expect(kept.map(({ key }) => key)).toEqual(["1_orders up", "2_filled down", "2_filled up"]);
  expect(kept[1]).toMatchObject({ sha256: (await filled).downSha256, tables: [{ name: "orders" }] });
});

test("statements outside a transaction count from their first one on; work that was killed and went on is not kept", async () => {
  await start();
  const outside = await sqlMigration(
    "2_index",
    "create index concurrently orders_id on orders (id);",
    "drop index orders_id;",
  );
  await apply(await orders);
  await apply(outside);
  expect(await durationsOf()).toMatchObject([
    {},
    { key: "2_index up", tables: [{ name: "orders", rows: 0, bytes: 0 }] },
  ]);
  await revertMigrations(ledger.db, ["2_index"], { ...context(), allowLoss: [] });
  // What a killed run leaves: the audit has its start, and the ledger no row of it.
  await ledger.db.query("select slipway.append_event($1, 'test', null, 'migration.started', '2_index', $2)", [
    ledger.context.token,
    JSON.stringify({ direction: "up", opposite: outside.down }),
  ]);
  await apply(outside);
  expect((await durationsOf()).map(({ key }) => key)).toEqual(["1_orders up", "2_index down"]);
});

test("the size of a table counts its partitions; rows are known once the server has looked, and one that is not there is left out", async () => {
  await start();
  await ledger.db.script(`
    create table "Parts" (id int) partition by range (id);
    create table parts_1 partition of "Parts" for values from (0) to (1000);
    create schema app; create table app.things (id int);
    insert into "Parts" select generate_series(0, 499); insert into app.things values (1);
    analyze parts_1;`);
  expect(await tableSizes(ledger.db, ["Parts", "app.things", "gone"])).toEqual([
    { name: "Parts", rows: 500, bytes: expect.any(Number) },
    { name: "app.things", rows: null, bytes: expect.any(Number) },
  ]);
  expect(await tableSizes(ledger.db, [])).toEqual([]);
});

import fc from "fast-check";
import { expect, test } from "vitest";
import { savedTableName } from "./saved-table-name.ts";

test("a saved table is named after its migration and its table", () => {
  expect(savedTableName("2_orders", '"public"."orders"', new Set())).toBe("2_orders__orders");
  expect(savedTableName("2_orders", '"app"."orders"', new Set())).toBe("2_orders__app.orders");
  expect(savedTableName("2_orders", '"public"."orders"', new Set(["2_orders__orders"]))).toBe(
    "2_orders__orders__2",
  );
});

test("names fit into what Postgres keeps of a name, and never meet one that is taken", () => {
  const texts = fc.string({ unit: "grapheme", maxLength: 80 });
  fc.assert(
    fc.property(texts, texts, fc.nat(4), (id, table, already) => {
      const taken = new Set<string>();
      for (let count = 0; count <= already; count++) {
        const name = savedTableName(id, `"${table}"`, taken);
        expect(Buffer.byteLength(name)).toBeLessThanOrEqual(63);
        expect(taken.has(name)).toBe(false);
        taken.add(name);
      }
    }),
  );
});

test("long names that differ at their end stay different", () => {
  const id = "20260101000001_a_rather_long_name_of_a_migration_that_goes_on";
  const names = ["orders", "customers"].map((table) => savedTableName(id, table, new Set()));
  expect(new Set(names).size).toBe(2);
});

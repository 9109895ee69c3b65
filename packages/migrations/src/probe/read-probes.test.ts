import { expect, test } from "vitest";
import { migrationsFolder } from "../../testing/migrations-folder.ts";
import { readMigrations } from "../read/read-migrations.ts";
import { readProbes } from "./read-probes.ts";

test("invariants are read by name beside the migrations, without comment and semicolon", async () => {
  const folder = migrationsFolder({
    "1_a.sql": "create table t ();",
    "rollbacks/1_a.sql": "select 1;",
    "invariants/b.sql": "-- why\nselect true;\n",
    "invariants/a-1.sql": "with x as (select 1) select * from x",
    "invariants/README.md": "words",
  });
  expect(await readProbes(folder.path)).toEqual([
    { name: "a-1", sql: "with x as (select 1) select * from x" },
    { name: "b", sql: "select true" },
  ]);
  expect(await readMigrations(folder.path)).toHaveLength(1);
  folder.remove();
});

test("no folder is no invariants; what is not one SELECT, or has another name, is refused", async () => {
  const folder = migrationsFolder({ "1_a.sql": "select 1;" });
  expect(await readProbes(folder.path)).toEqual([]);
  for (const sql of ["delete from t", "select 1; select 2", "-- nothing"]) {
    folder.write({ "invariants/x.sql": sql });
    await expect(readProbes(folder.path), sql).rejects.toThrow("an invariant is one SELECT");
  }
  folder.write({ "invariants/x.sql": "select 1", "invariants/Y.SQL": "select 1" });
  await expect(readProbes(folder.path)).rejects.toThrow("invariants/Y.SQL");
  folder.remove();
});

import { createRedactor } from "@slipway/kernel";
import { exportAudit, readLedger, verifyAudit } from "@slipway/ledger";
import { type ScratchPostgres, scratchPostgres } from "@slipway/toolchain/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { migrationsFolder } from "../../testing/migrations-folder.ts";
import { scratchLedger } from "../../testing/scratch-ledger.ts";
import { diffFingerprints } from "../catalog/diff-fingerprints.ts";
import { fingerprint } from "../catalog/fingerprint.ts";
import { type MigrationRef, migrationRef, plannedMigration } from "../migration-ref.ts";
import { planSchema } from "../plan/plan-schema.ts";
import { proveMigrations } from "../prove/prove-migrations.ts";
import { loadMigrations } from "../read/load-migrations.ts";
import { readMigrations } from "../read/read-migrations.ts";
import { applyMigrations } from "./apply-migrations.ts";
import { revertMigrations } from "./revert-migrations.ts";

let postgres: ScratchPostgres;
beforeAll(async () => {
  postgres = await scratchPostgres();
});
afterAll(() => postgres?.remove());

/** A branch was merged after 3 was released; what it brings stands on what 3 made, so no other order is right. */
const files = {
  "1_orders.sql": "create table orders (id int primary key);",
  "rollbacks/1_orders.sql": "drop table orders;",
  "2_note.sql":
    "-- slipway: late after 3_lines because key-of-ana merged it late\nalter table lines add column note text;",
  "rollbacks/2_note.sql": "alter table lines drop column note;",
  "3_lines.sql": "create table lines (id int primary key);",
  "rollbacks/3_lines.sql": "drop table lines;",
  "4_total.sql": "alter table orders add column total int;",
  "rollbacks/4_total.sql": "alter table orders drop column total;",
};

/** Brings a database to a release as the provider does: the plan from the ledger, the SQL from files and ledger. */
async function converge(
  { db, context }: Awaited<ReturnType<typeof scratchLedger>>,
  folder: string,
  release: readonly MigrationRef[],
) {
  const { undo, apply, blocked } = planSchema((await readLedger(db)).applied, release.map(plannedMigration));
  expect(blocked).toBeNull();
  await revertMigrations(db, [...undo.contract, ...undo.expand], context);
  const wanted = release.filter(({ id }) => [...apply.expand, ...apply.contract].includes(id));
  await applyMigrations(db, loadMigrations(folder, wanted), context);
  return { undone: [...undo.contract, ...undo.expand], applied: wanted.map(({ id }) => id) };
}

test("a late migration is proved, applied and undone in the order of application, on every way", async () => {
  const folder = migrationsFolder(files);
  const migrations = await readMigrations(folder.path);
  const { proofs, chain } = await proveMigrations(postgres.adminUrl, migrations);
  expect(proofs.map(({ id, verdict }) => [id, verdict])).toEqual(
    ["1_orders", "3_lines", "2_note", "4_total"].map((id) => [id, "pass"]),
  );
  expect(chain).toMatchObject({ verdict: "pass", length: 4 });

  const refs = migrations.map(migrationRef);
  const direct = await Promise.all(
    [0, 1, 2, 3, 4].map(async (length) => {
      const ledger = await scratchLedger(await postgres.createDatabase());
      await converge(ledger, folder.path, refs.slice(0, length));
      const print = await fingerprint(ledger.db);
      await ledger.db.end();
      return print;
    }),
  );
  const ledger = await scratchLedger(await postgres.createDatabase());
  const { db, context } = ledger;
  expect(await converge(ledger, folder.path, refs.slice(0, 2))).toMatchObject({
    applied: ["1_orders", "3_lines"],
  });
  // It says nothing of being late: the environment has 3.
  const silent = refs.slice(0, 3).map(({ late: _late, ...ref }) => plannedMigration(ref));
  expect(planSchema((await readLedger(db)).applied, silent).blocked?.code).toBe("SCHEMA_OUT_OF_ORDER");
  for (const length of [4, 1, 3, 2, 4, 0, 4, 2]) {
    const { undone } = await converge(ledger, folder.path, refs.slice(0, length));
    expect(diffFingerprints(direct[length]!, await fingerprint(db)).differences).toEqual([]);
    if (undone.includes("2_note") && undone.includes("3_lines"))
      expect(undone.indexOf("2_note")).toBeLessThan(undone.indexOf("3_lines"));
  }
  await converge(ledger, folder.path, refs);
  // The highest version is not what was applied last, and cannot be undone first.
  await converge(ledger, folder.path, refs.slice(0, 3));
  await expect(revertMigrations(db, ["3_lines"], context)).rejects.toThrow(RangeError);
  await db.end();
  folder.remove();
});

test("the audit keeps why a migration is late and why numbers are missing, without the secrets of the run", async () => {
  const folder = migrationsFolder({
    ...files,
    "7_gap.sql": "-- slipway: gap 5 and 6 were never merged\nselect 1;",
    "rollbacks/7_gap.sql": "select 1;",
  });
  const { db, context } = await scratchLedger(await postgres.createDatabase());
  const knowing = { ...db, redactor: createRedactor(["key-of-ana"]) };
  const refs = (await readMigrations(folder.path)).map(migrationRef);
  await applyMigrations(knowing, loadMigrations(folder.path, refs), context);
  const events = await Array.fromAsync(exportAudit(db));
  expect(verifyAudit(events).ok).toBe(true);
  const allowed = events.filter(({ kind }) => kind === "migration.allowed");
  expect(allowed.map(({ subject, data }) => [subject, data])).toEqual([
    ["2_note", { late: { after: "3_lines", reason: "[redacted] merged it late" } }],
    ["7_gap", { gap: "5 and 6 were never merged" }],
  ]);
  await db.end();
  folder.remove();
});

import { readLedger } from "@slipway/ledger";
import { type ScratchPostgres, scratchPostgres, testCount, testSeed } from "@slipway/toolchain/testing";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { generatedChains, type Pair } from "../../testing/generated-migrations.ts";
import { scratchLedger } from "../../testing/scratch-ledger.ts";
import { sqlMigration } from "../../testing/sql-migration.ts";
import { diffFingerprints } from "../catalog/diff-fingerprints.ts";
import { type Fingerprint, fingerprint } from "../catalog/fingerprint.ts";
import type { Migration } from "../migration.ts";
import { planSchema } from "../plan/plan-schema.ts";
import { applyMigrations } from "./apply-migrations.ts";
import { revertMigrations } from "./revert-migrations.ts";

const RUNS = testCount("SLIPWAY_WALKS", 10);

let postgres: ScratchPostgres;
beforeAll(async () => {
  postgres = await scratchPostgres();
});
afterAll(() => postgres?.remove());

const migrationsOf = (pairs: readonly Pair[]): Promise<Migration[]> =>
  Promise.all(pairs.map(([up, down], index) => sqlMigration(`${index + 1}_step`, up, down)));

/** A table that the chains leave alone but for what the last change of each pair adds, with rows that have to stay. */
const kept = `create table kept (id int primary key, note text, size int);
insert into kept select n, 'note ' || n, n from generate_series(1, 20) n;`;
const keptRows =
  "select count(*)::int as n, sum(hashtextextended(row(id, note, size)::text, 0))::text as hash from kept";

/** Pairs that change the table with rows in ways that lose none, one after each fourth of a chain. */
const withKept = (pairs: readonly Pair[]): Pair[] =>
  pairs.flatMap((pair, index): Pair[] =>
    index % 4 === 0
      ? [
          pair,
          [
            `alter table kept add column k${index} int; create index kept_${index} on kept (k${index});`,
            `alter table kept drop column k${index};`,
          ],
        ]
      : [pair],
  );

/** The fingerprint after each migration, gone to without a detour; the empty schema's first. */
async function straight(migrations: readonly Migration[]): Promise<Fingerprint[]> {
  const { db, context } = await scratchLedger(await postgres.createDatabase());
  await db.script(kept);
  const prints = [await fingerprint(db)];
  for (const migration of migrations) {
    await applyMigrations(db, [migration], context);
    prints.push(await fingerprint(db));
  }
  await db.end();
  return prints;
}

test("any walk along a chain of migrations ends in the schema of the direct way, and no row is lost on it", {
  timeout: 120_000 + RUNS * 20_000,
}, async () => {
  const walks = fc.tuple(
    generatedChains({ min: 3, max: 16 }),
    fc.array(fc.nat(16), { minLength: 3, maxLength: 8 }),
  );
  await fc.assert(
    fc.asyncProperty(walks, async ([pairs, walk]) => {
      const migrations = await migrationsOf(withKept(pairs));
      const expected = await straight(migrations);
      const { db, context } = await scratchLedger(await postgres.createDatabase());
      await db.script(kept);
      const rows = await db.query(keptRows);
      for (const stop of walk) {
        const wanted = migrations.slice(0, stop % (migrations.length + 1));
        const { undo, apply, blocked } = planSchema((await readLedger(db)).applied, wanted);
        expect(blocked).toBeNull();
        await revertMigrations(db, undo.expand, context);
        await applyMigrations(
          db,
          wanted.filter(({ id }) => apply.expand.includes(id)),
          context,
        );
        const { differences } = diffFingerprints(expected[wanted.length]!, await fingerprint(db));
        expect(differences).toEqual([]);
        expect(await db.query(keptRows)).toEqual(rows);
      }
      await db.end();
    }),
    { numRuns: RUNS, seed: testSeed(), endOnFailure: true },
  );
});

import { type ScratchPostgres, scratchPostgres, testCount, testSeed } from "@slipway/toolchain/testing";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { generatedChains, type Pair } from "../../testing/generated-migrations.ts";
import { sqlMigration } from "../../testing/sql-migration.ts";
import { proveMigrations } from "./prove-migrations.ts";

let postgres: ScratchPostgres;
beforeAll(async () => {
  postgres = await scratchPostgres();
});
afterAll(() => postgres?.remove());

const RUNS = testCount("SLIPWAY_WALKS", 6);
const timeout = 120_000 + RUNS * 20_000;
/** A seed that failed is printed by fast-check; `SLIPWAY_SEED` runs it again. */
const runs = { numRuns: RUNS, seed: testSeed(), endOnFailure: true };

const proofsOf = async (pairs: readonly Pair[]) =>
  proveMigrations(
    postgres.adminUrl,
    await Promise.all(pairs.map(([up, down], index) => sqlMigration(`${index + 1}_step`, up, down))),
  );

test("chains whose rollbacks a careful author wrote are proved, each pair and all of them in a row", {
  timeout,
}, async () => {
  await fc.assert(
    fc.asyncProperty(generatedChains({ min: 3, max: 12 }), async (pairs) => {
      const { proofs, chain } = await proofsOf(pairs);
      expect(proofs.filter(({ verdict }) => verdict !== "pass")).toEqual([]);
      expect(chain).toMatchObject({ verdict: "pass", length: pairs.length });
    }),
    runs,
  );
});

test("one rollback that does nothing is found in any chain, and no other is blamed", {
  timeout,
}, async () => {
  const drawn = fc.tuple(generatedChains({ min: 3, max: 10 }), fc.nat(9));
  await fc.assert(
    fc.asyncProperty(drawn, async ([pairs, which]) => {
      const liar = which % pairs.length;
      const { proofs, chain } = await proofsOf(
        pairs.map(([up, down], index): Pair => [up, index === liar ? "select 1;" : down]),
      );
      expect(proofs.map(({ verdict }) => verdict)).toEqual(
        pairs.map((_, index) => (index === liar ? "fail" : "pass")),
      );
      expect(proofs[liar]?.differences).not.toEqual([]);
      expect(chain).toBeNull();
    }),
    runs,
  );
});

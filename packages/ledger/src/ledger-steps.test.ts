import { expect, test } from "vitest";
import { latestLedgerVersion, readLedgerSteps } from "./ledger-steps.ts";

test("steps are numbered from 1 without a gap, and the last one is the ledger's version", () => {
  const versions = readLedgerSteps().map(({ version }) => version);
  expect(versions).toEqual(versions.map((_, index) => index + 1));
  expect(latestLedgerVersion()).toBe(versions.at(-1));
});

test("every step takes back what Postgres grants to everybody", () => {
  for (const { name, sql } of readLedgerSteps()) {
    if (/create function/.test(sql))
      expect(sql, name).toContain("revoke all on all functions in schema slipway from public;");
  }
});

import { SlipwayError } from "@slipway/kernel";
import { latestLedgerVersion } from "./ledger-steps.ts";

/** Whose ledger it is. A database holds the ledger of one environment. */
export interface LedgerIdentity {
  readonly project: string;
  readonly environment: string;
}

/** An identity for people: `shop/production`. */
export function describeIdentity({ project, environment }: LedgerIdentity): string {
  return `${project}/${environment}`;
}

/** @throws {SlipwayError} LEDGER_NEWER when this program is too old for a ledger. */
export function refuseNewerLedger(version: number): void {
  const latest = latestLedgerVersion();
  if (version <= latest) return;
  throw new SlipwayError("LEDGER_NEWER", {
    what: "Cannot read the ledger",
    why: `its version is ${version}, and this Slipway knows versions up to ${latest}`,
  });
}

import { actor } from "@slipway/environment";
import {
  type Acknowledgement,
  type AcknowledgementOptions,
  killFlag,
  reviveFlag,
  waitForAcknowledgement,
} from "@slipway/flags/store";
import { SlipwayError } from "@slipway/kernel";
import type { Database } from "@slipway/ledger";
import type { CliContext } from "../cli-context.ts";
import { findFlag } from "../flag/find-flag.ts";
import { isApplied, renderApplied } from "../flag/render-applied.ts";
import { withFlags } from "../flag/with-flags.ts";

const KEY = "discounts";
const PRODUCT = "/products/1";
const PERCENT = 25;
const WAIT_MS = 20_000;

const author = { actor: actor(), reason: "the tour shows a kill", source: "tour" };

/**
 * Kills the example's flag while it serves, and asks the shop what a product costs before and after.
 *
 * @returns seconds from the command to the moment at which every process had applied it.
 * @throws {SlipwayError} INVARIANT_BROKEN when a price or an acknowledgement is not as it has to be.
 */
export function killDiscounts(context: CliContext, env: string, url: string): Promise<number> {
  return withFlags(context, { env }, async ({ db }) => {
    const wait = { timeoutMs: WAIT_MS, signal: context.signal };
    await reviveKilled(context, db, wait);
    await setDiscount(url, PERCENT);
    const before = await askPrice(url, "/price");
    const started = performance.now();
    const { revision } = await killFlag(db, { ...author, key: KEY });
    const applied = await everybodyApplied(db, revision, wait);
    const seconds = (performance.now() - started) / 1000;
    const after = await askPrice(url, "/price");
    refuseWrongPrices(before, after);
    // A rollback that would lose a discount is refused: the tour takes back what it set.
    await setDiscount(url, 0);
    context.progress(`  ${context.style("green", "killed")} ${KEY}`);
    context.progress(renderApplied({ ...applied, ms: seconds * 1000 }, Date.now()));
    context.progress(
      `  ${PRODUCT}  costs ${amount(before.finalCents)} before and ${amount(after.finalCents)} after`,
    );
    return seconds;
  });
}

/** What a product costs. */
interface Price {
  readonly priceCents: number;
  readonly finalCents: number;
}

// An earlier tour killed it, and a killed flag stays killed whatever is released: it is brought back by hand only.
async function reviveKilled(context: CliContext, db: Database, wait: AcknowledgementOptions): Promise<void> {
  const { state } = await findFlag(db, KEY);
  if (!state.killed) return;
  context.progress(`  ${KEY} was killed by an earlier tour: revived`);
  const { revision } = await reviveFlag(db, { ...author, key: KEY, expectedVersion: state.version });
  await everybodyApplied(db, revision, wait);
}

async function everybodyApplied(
  db: Database,
  revision: number,
  wait: AcknowledgementOptions,
): Promise<Acknowledgement> {
  const applied = await waitForAcknowledgement(db, revision, wait);
  if (isApplied(applied)) return applied;
  throw broken(`it was applied by ${applied.applied} of ${applied.total} processes`);
}

function refuseWrongPrices(before: Price, after: Price): void {
  const { priceCents, finalCents } = before;
  if (finalCents < priceCents && after.finalCents === priceCents) return;
  throw broken(
    `a product of ${amount(priceCents)} cost ${amount(finalCents)} before and ${amount(after.finalCents)} after`,
  );
}

const setDiscount = (url: string, percent: number) =>
  askPrice(url, "/discount", { method: "PUT", body: JSON.stringify({ percent }) });

async function askPrice(url: string, path: string, init: RequestInit = {}): Promise<Price> {
  const response = await fetch(`${url}${PRODUCT}${path}`, { ...init, signal: AbortSignal.timeout(5_000) });
  if (response.ok) return (await response.json()) as Price;
  throw broken(`${PRODUCT}${path} answered ${response.status}`);
}

const broken = (why: string): SlipwayError =>
  new SlipwayError("INVARIANT_BROKEN", { what: `The tour's kill of "${KEY}" did not end as it has to`, why });

const amount = (cents: number): string => (cents / 100).toFixed(2);

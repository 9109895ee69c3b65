import { SlipwayError } from "@slipway/kernel";
import { downFile, type Migration } from "../migration.ts";

/** A dated permission to release a migration whose rollback is not proved. */
export interface UnprovedWaiver {
  /** `2026-12-31`: the last day on which it counts. */
  readonly until: string;
  readonly reason: string;
}

/** The words of the line; whether a date is one is looked at after. */
export const WAIVER_LINE = /^--[ \t]*slipway[ \t]*:[ \t]*allow[ \t]+unproved\b[ \t]*(.*)$/im;
const TERMS = /^until[ \t]+(\d{4}-\d{2}-\d{2})[ \t]+because[ \t]+(\S.*)$/i;

/**
 * Reads `-- slipway: allow unproved until 2026-12-31 because …` from a rollback file; `null` where it says nothing.
 *
 * @throws {SlipwayError} MIGRATION_INVALID for a line without a date or a reason.
 */
export function unprovedWaiver({ id, down }: Pick<Migration, "id" | "down">): UnprovedWaiver | null {
  const line = WAIVER_LINE.exec(down ?? "");
  if (line === null) return null;
  const [, until = "", reason = ""] = TERMS.exec(line[1]!.trim()) ?? [];
  if (Number.isNaN(Date.parse(until)) || reason === "") {
    throw new SlipwayError("MIGRATION_INVALID", {
      what: `Cannot use migration file "${downFile(id)}"`,
      why: `the waiver "${line[0].trim()}" has no date or no reason`,
      todo: "Write: -- slipway: allow unproved until YYYY-MM-DD because <why>",
    });
  }
  return { until, reason: reason.trim() };
}

/** Whether a waiver counts on a day; days are those of UTC. */
export function waiverCounts({ until }: UnprovedWaiver, now: Date): boolean {
  return now.toISOString().slice(0, 10) <= until;
}

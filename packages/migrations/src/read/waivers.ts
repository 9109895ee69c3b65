import { type DirectiveLine, directiveLines } from "./directive-lines.ts";

/** A dated, reasoned exception in a file: `-- slipway: allow ML201 until 2027-01-31 because the table is small`. */
export interface Waiver {
  /** What is allowed: the code of a lint rule, or `unproved`. */
  readonly code: string;
  /** The last day on which it counts, in UTC: `2027-01-31`. */
  readonly until: string;
  readonly reason: string;
  /** Where the comment starts, in UTF-16 units. */
  readonly offset: number;
}

/** A line that begins like a waiver and is none. */
export interface WaiverProblem {
  readonly problem: string;
  readonly offset: number;
}

/** How a waiver is written. */
export const WAIVER_FORM = "-- slipway: allow <code> until <YYYY-MM-DD> because <why>";

const TERMS = /^allow\s+(\S+)\s+until\s+(\d{4}-\d{2}-\d{2})\s+because\s+(\S.*)$/i;

/** Whether a directive is a waiver, well written or not. */
export function isWaiverLine({ words }: Pick<DirectiveLine, "words">): boolean {
  return /^allow\b/i.test(words);
}

/** The waivers of a file in their order, and the lines that were meant to be one. */
export function readWaivers(text: string): (Waiver | WaiverProblem)[] {
  return directiveLines(text)
    .filter(isWaiverLine)
    .map(({ words, offset }) => {
      const [, code = "", until = "", reason = ""] = TERMS.exec(words) ?? [];
      if (code === "") return { problem: `a waiver has a code, a date and a reason: ${WAIVER_FORM}`, offset };
      if (!isDay(until)) return { problem: `${until} is no day of the calendar`, offset };
      return { code, until, reason: reason.trim(), offset };
    });
}

/** Whether a waiver counts on a day; days are those of UTC. */
export function waiverHolds({ until }: Pick<Waiver, "until">, now: Date): boolean {
  return now.toISOString().slice(0, 10) <= until;
}

// 2026-02-30 parses as a day of March.
function isDay(text: string): boolean {
  const date = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}

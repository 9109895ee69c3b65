import { type DirectiveLine, directiveLines } from "./directive-lines.ts";

/** How a migration asks to be run, both ways; what is missing comes from the run's own limits. */
export interface RunDirectives {
  readonly lockTimeoutMs?: number;
  readonly statementTimeoutMs?: number;
}

/** The words that begin a directive of this kind. */
export const runDirectiveWords = ["lock_timeout", "statement_timeout"] as const;

type Word = (typeof runDirectiveWords)[number];

const units: Readonly<Record<string, number>> = { ms: 1, s: 1_000, min: 60_000, h: 3_600_000 };
/** Postgres counts its timeouts in an integer of 32 bits. */
const LONGEST_MS = 2 ** 31 - 1;

/**
 * Reads `-- slipway: lock_timeout 2s` and `-- slipway: statement_timeout 5min` of a migration. Lenient: what it does not
 * know it leaves out, because the SQL may come from the ledger, written there by a newer Slipway.
 *
 * @example
 * runDirectives("-- slipway: lock_timeout 500ms\nalter table t add c int;"); // { lockTimeoutMs: 500 }
 */
export function runDirectives(text: string): RunDirectives {
  const found: { lockTimeoutMs?: number; statementTimeoutMs?: number } = {};
  for (const line of directiveLines(text)) {
    const read = readRunDirective(line);
    if (read === null || "problem" in read) continue;
    if (read.word === "lock_timeout") found.lockTimeoutMs ??= read.ms;
    else found.statementTimeoutMs ??= read.ms;
  }
  return found;
}

/** Reads one line: null when it is no directive of this kind, a problem when its value cannot be used. */
export function readRunDirective({
  words,
}: Pick<DirectiveLine, "words">):
  | { readonly word: Word; readonly ms: number }
  | { readonly word: Word; readonly problem: string }
  | null {
  const [first = "", ...rest] = words.split(/\s+/);
  const word = runDirectiveWords.find((known) => known === first);
  if (word === undefined) return null;
  const [, count, unit] = /^(\d{1,10})(ms|s|min|h)$/.exec(rest.join(" ")) ?? [];
  if (count === undefined || unit === undefined) return { word, problem: "needs a time" };
  const ms = Number(count) * (units[unit] ?? Number.NaN);
  if (ms === 0) return { word, problem: "of nothing would wait for ever: it needs a time" };
  return ms > LONGEST_MS ? { word, problem: "is too long: at most 596h" } : { word, ms };
}

import { bareName, NAME_PATTERN } from "../sql/bare-name.ts";
import { directiveLines } from "./directive-lines.ts";

/** A statement that is run many times, each for the rows of a range of keys. */
export interface Backfill {
  /** Schema and table as written, or the table alone. */
  readonly table: readonly string[];
  /** The column that rows are ordered by. */
  readonly key: string;
  /** Rows per transaction. */
  readonly chunk: number;
  /** Rows per second at most; null is without limit. */
  readonly rate: number | null;
}

const FORM = new RegExp(
  `^(${NAME_PATTERN})(?:\\.(${NAME_PATTERN}))?\\s+by\\s+(${NAME_PATTERN})(?:\\s+chunk\\s+(\\d{1,7}))?(?:\\s+rate\\s+(\\d{1,7}))?$`,
  "i",
);
const CHUNK = 1_000;
const LARGEST_CHUNK = 1_000_000;

/** How the directive is written, for messages. */
export const backfillForm = "-- slipway: backfill <table> by <column> chunk <rows> rate <rows per second>";

/**
 * Reads the words after `backfill` of `-- slipway: backfill orders by id chunk 5000`; a chunk has 1,000 rows, and
 * the rate no limit, unless told. Null when they have another form.
 *
 * @example
 * readBackfill('app."Orders" by id'); // { table: ["app", "Orders"], key: "id", chunk: 1000, rate: null }
 */
export function readBackfill(words: string): Backfill | null {
  const [, first, second, key, size, perSecond] = FORM.exec(words.trim()) ?? [];
  if (first === undefined || key === undefined) return null;
  const chunk = size === undefined ? CHUNK : Number(size);
  if (chunk < 1 || chunk > LARGEST_CHUNK) return null;
  const rate = perSecond === undefined ? null : Number(perSecond);
  if (rate === 0) return null;
  const table = [first, second].filter((part) => part !== undefined).map(bareName);
  return { table, key: bareName(key), chunk, rate };
}

/** The backfill of a migration; null when it is none. */
export function backfillOf(text: string): Backfill | null {
  for (const { words } of directiveLines(text)) {
    const rest = /^backfill\b(.*)$/.exec(words)?.[1];
    if (rest !== undefined) return readBackfill(rest);
  }
  return null;
}

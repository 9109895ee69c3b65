import { call, type Database, recordableOptional, recordableText } from "@slipway/ledger";
import { parseFlag } from "../document/parse-flag.ts";
import { within } from "../document/reading.ts";
import type { FlagAuthor, FlagChanged, FlagView } from "./flag-view.ts";

/** Calls a function of the store that answers with one JSON value. */
export async function callFlags<Answer>(
  db: Database,
  what: string,
  sql: string,
  params: readonly unknown[],
): Promise<Answer> {
  const [row] = await call<{ answer: Answer }>(db, what, `select ${sql} as answer`, params);
  if (row === undefined) throw new Error(`${sql} gave no row`);
  return row.answer;
}

/** Actor, reason and source as they may be kept. */
export function recordableAuthor(db: Database, author: FlagAuthor): readonly [string, string | null, string] {
  const { actor, reason = null, source = "cli" } = author;
  return [recordableText(db, actor), recordableOptional(db, reason), source];
}

/** A flag of the store with every default filled in. */
export function flagView(row: FlagView): FlagView {
  return { ...row, ...within(row.key, row, parseFlag) };
}

/** The answer of a change, its flag with every default filled in. */
export function flagChanged(answer: FlagChanged): FlagChanged {
  return { ...answer, flag: flagView(answer.flag) };
}

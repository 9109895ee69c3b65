import type { ReplacedMigration } from "../plan/match-chains.ts";
import { directiveLines } from "./directive-lines.ts";

const FORM = /^(\d+_[a-z0-9_]+)\s+([0-9a-f]{64})\s+([0-9a-f]{64}|irreversible)$/;

/** How the directive is written, for messages. */
export const replacesForm =
  "-- slipway: replaces <id> <sha256 of its file> <sha256 of its rollback, or irreversible>";

/** Reads the words after `replaces`; null when they have another form. */
export function readReplaces(words: string): ReplacedMigration | null {
  const [, id, upSha256, down] = FORM.exec(words.trim()) ?? [];
  if (id === undefined || upSha256 === undefined || down === undefined) return null;
  return { id, upSha256, downSha256: down === "irreversible" ? null : down };
}

/** The line that says so of one migration. */
export function replacesLine({ id, upSha256, downSha256 }: ReplacedMigration): string {
  return `-- slipway: replaces ${id} ${upSha256} ${downSha256 ?? "irreversible"}`;
}

/** The migrations that a file was squashed from, in their order; undefined when it was not. */
export function replacedBy(text: string): readonly ReplacedMigration[] | undefined {
  const found: ReplacedMigration[] = [];
  for (const { words, inHeader } of directiveLines(text)) {
    const rest = inHeader ? /^replaces\b(.*)$/.exec(words)?.[1] : undefined;
    const replaced = rest === undefined ? null : readReplaces(rest);
    if (replaced !== null) found.push(replaced);
  }
  return found.length === 0 ? undefined : found;
}

import { closestWord } from "@slipway/kernel";
import type { Kind, Phase } from "../migration.ts";
import { migrationInvalid } from "../sql/migration-invalid.ts";
import type { SqlSource } from "../sql/source-position.ts";
import { backfillForm, readBackfill } from "./backfill-directive.ts";
import { directiveLines } from "./directive-lines.ts";
import { LATE_FORM, type Late, readLate } from "./late.ts";
import { readReplaces, replacesForm } from "./replaces-directive.ts";
import { readRunDirective, runDirectiveWords } from "./run-directives.ts";
import { isWaiverLine } from "./waivers.ts";

/** What the comments at the top of a migration say about it. */
export interface Directives {
  /** `null`: nothing said, so `expand`. */
  readonly phase: Phase | null;
  /** `null`: nothing said, so the kind is read from the rollback SQL. */
  readonly kind: Kind | null;
  readonly reason: string | null;
  /** Where it stands in the order, when that is not where its version would put it. */
  readonly late: Late | null;
  /** Why versions before it are missing. */
  readonly gap: string | null;
}

const phases: readonly string[] = ["expand", "contract"] satisfies Phase[];
const kinds: readonly string[] = ["lossless", "lossy", "irreversible"] satisfies Kind[];

/**
 * Reads the directives of a migration: lines `-- slipway: contract`, `-- slipway: lossless REASON`, `-- slipway: lossy
 * REASON`, `-- slipway: irreversible REASON`, `-- slipway: late after ID because REASON` and `-- slipway: gap REASON`
 * among the comment lines before the first statement. Timeouts are checked here and read by {@link runDirectives}, since a rollback finds them in the ledger.
 *
 * @throws {SlipwayError} MIGRATION_INVALID for an unknown, repeated, contradicting or misplaced directive,
 * for a kind without a reason and for a timeout without a time.
 */
export function readDirectives(source: SqlSource): Directives {
  let phase: Phase | null = null;
  let kind: Kind | null = null;
  let reason: string | null = null;
  let late: Late | null = null;
  let gap: string | null = null;
  const once = new Set<string>();
  const replaced = new Set<string>();
  for (const line of directiveLines(source.text)) {
    const { words, offset, inHeader } = line;
    // A waiver stands where the statement is that it is about: see readWaivers.
    if (isWaiverLine(line)) continue;
    const refuse = (why: string, todo: string) => migrationInvalid(source, offset, { why, todo });
    if (!inHeader) {
      throw refuse(
        "a directive stands before the first statement, this one comes after it",
        "Move it to the top of the file",
      );
    }
    if (/^backfill\b/.test(words)) {
      if (once.has("backfill")) throw refuse('"backfill" is given twice', "Write a migration for each");
      once.add("backfill");
      if (readBackfill(words.slice("backfill".length)) === null) {
        throw refuse(
          '"backfill" needs a table and a column, and at most a million rows',
          `Write: ${backfillForm}`,
        );
      }
      continue;
    }
    if (/^replaces\b/.test(words)) {
      const one = readReplaces(words.slice("replaces".length));
      if (one === null) throw refuse('"replaces" needs an id and two checksums', `Write: ${replacesForm}`);
      if (replaced.has(one.id)) throw refuse(`"${one.id}" is replaced twice`, "Keep one of the lines");
      replaced.add(one.id);
      continue;
    }
    const timeout = readRunDirective({ words });
    if (timeout !== null) {
      if (once.has(timeout.word)) throw refuse(`"${timeout.word}" is given twice`, "Keep one of the lines");
      if ("problem" in timeout) {
        const example = `-- slipway: ${timeout.word} 2s (or ms, min, h)`;
        throw refuse(`"${timeout.word}" ${timeout.problem}`, `Write: ${example}`);
      }
      once.add(timeout.word);
      continue;
    }
    const [word = "", ...rest] = words.split(/\s+/);
    const text = rest.join(" ");
    if (phases.includes(word)) {
      if (phase !== null) throw refuse("the phase is given twice", "Keep one of the lines");
      if (text !== "") throw refuse(`"${word}" takes no further words`, `Write: -- slipway: ${word}`);
      phase = word as Phase;
    } else if (kinds.includes(word)) {
      if (kind !== null) throw refuse("the kind is given twice", "Keep one of the lines");
      if (text === "") throw refuse(`"${word}" needs a reason`, `Write: -- slipway: ${word} <why it is so>`);
      kind = word as Kind;
      reason = text;
    } else if (word === "late") {
      if (late !== null) throw refuse('"late" is given twice', "Keep one of the lines");
      late = readLate(text);
      if (late === null) throw refuse('"late" needs a migration and a reason', `Write: ${LATE_FORM}`);
    } else if (word === "gap") {
      if (gap !== null) throw refuse('"gap" is given twice', "Keep one of the lines");
      if (text === "") throw refuse('"gap" needs a reason', "Write: -- slipway: gap <why they are missing>");
      gap = text;
    } else {
      const known = [...phases, ...kinds, ...runDirectiveWords, "backfill", "replaces", "late", "gap"];
      const near = closestWord(word, known);
      throw refuse(
        `there is no directive "${word}"${near ? `: did you mean "${near}"?` : ""}`,
        `Use one of: ${known.join(", ")}`,
      );
    }
  }
  if (replaced.size > 0 && (phase === "contract" || once.has("backfill"))) {
    throw migrationInvalid(source, 0, {
      why: "a squashed migration makes the schema of a new database, where no older app serves and no rows are",
      todo: "Remove the directive contract or backfill",
    });
  }
  return { phase, kind, reason, late, gap };
}

/** The place of the first directive of a rollback file that belongs to the migration; -1 when there is none. */
export function misplacedDirective(rollback: string): number {
  return directiveLines(rollback).find((line) => !isWaiverLine(line))?.offset ?? -1;
}

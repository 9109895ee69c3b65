import { closestWord } from "@slipway/kernel";
import type { Kind, Phase } from "../migration.ts";
import { migrationInvalid } from "../sql/migration-invalid.ts";
import type { SqlSource } from "../sql/source-position.ts";

/** What the comments at the top of a migration say about it. */
export interface Directives {
  /** `null`: nothing said, so `expand`. */
  readonly phase: Phase | null;
  /** `null`: nothing said, so the kind is read from the rollback SQL. */
  readonly kind: Kind | null;
  readonly reason: string | null;
}

const phases: readonly string[] = ["expand", "contract"] satisfies Phase[];
const kinds: readonly string[] = ["lossless", "lossy", "irreversible"] satisfies Kind[];
const DIRECTIVE = /^--[ \t]*slipway[ \t]*:[ \t]*(.*)$/i;

/**
 * Reads the directives of a migration: lines `-- slipway: contract`, `-- slipway: lossless REASON`, `-- slipway: lossy
 * REASON` and `-- slipway: irreversible REASON` among the comment lines before the first statement.
 *
 * @throws {SlipwayError} MIGRATION_INVALID for an unknown, repeated, contradicting or misplaced directive, and
 * for a kind without a reason.
 */
export function readDirectives(source: SqlSource): Directives {
  let phase: Phase | null = null;
  let kind: Kind | null = null;
  let reason: string | null = null;
  for (const { words, offset, inHeader } of directiveLines(source.text)) {
    const refuse = (why: string, todo: string) => migrationInvalid(source, offset, { why, todo });
    if (!inHeader) {
      throw refuse(
        "a directive stands before the first statement, this one comes after it",
        "Move it to the top of the file",
      );
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
    } else {
      const known = [...phases, ...kinds];
      const near = closestWord(word, known);
      throw refuse(
        `there is no directive "${word}"${near ? `: did you mean "${near}"?` : ""}`,
        `Use one of: ${known.join(", ")}`,
      );
    }
  }
  return { phase, kind, reason };
}

/** The place of the first directive of a rollback file, where none belongs; -1 when there is none. */
export function misplacedDirective(rollback: string): number {
  return directiveLines(rollback)[0]?.offset ?? -1;
}

interface DirectiveLine {
  readonly words: string;
  readonly offset: number;
  readonly inHeader: boolean;
}

// A line inside a function's body or a string counts too: nobody writes one there and means something else.
function directiveLines(text: string): DirectiveLine[] {
  const found: DirectiveLine[] = [];
  let offset = 0;
  let inHeader = true;
  for (const line of text.split("\n")) {
    const trimmed = line.trim();
    if (trimmed !== "" && !trimmed.startsWith("--")) inHeader = false;
    const words = DIRECTIVE.exec(trimmed)?.[1];
    if (words !== undefined) {
      found.push({ words: words.trim(), offset: offset + line.indexOf("--"), inHeader });
    }
    offset += line.length + 1;
  }
  return found;
}

import type { Node } from "libpg-query";
import { migrationInvalid } from "./migration-invalid.ts";
import { offsetOfCharacter, type SqlSource } from "./source-position.ts";

export type { Node };

/** One statement of a file, as Postgres' own parser sees it. */
export interface SqlStatement {
  readonly node: Node;
  /** The statement without its semicolon and without the comments before it. */
  readonly text: string;
  /** Where it starts in the file, in UTF-16 units. */
  readonly start: number;
  /** Where it starts and ends, in bytes of UTF-8. */
  readonly startByte: number;
  readonly endByte: number;
}

/**
 * Splits and parses a file with Postgres' own parser (version 18).
 *
 * @throws {SlipwayError} MIGRATION_INVALID with line and column for what is not SQL.
 */
export async function parseSql(source: SqlSource): Promise<SqlStatement[]> {
  if (source.text.trim() === "") return [];
  // Most runs apply what was parsed when it was cut: they do not pay for loading the parser.
  const { hasSqlDetails, loadModule, parseSync } = await import("libpg-query");
  await loadModule();
  try {
    const { stmts } = parseSync(source.text);
    const offsetOf = offsetsOfBytes(source.text);
    return (stmts ?? []).map(({ stmt, stmt_location: at = 0, stmt_len: length }) => {
      const start = offsetOf(at);
      const endByte = length === undefined ? Buffer.byteLength(source.text) : at + length;
      const text = source.text.slice(start, offsetOf(endByte));
      return { node: stmt!, text, start, startByte: at, endByte };
    });
  } catch (error) {
    if (hasSqlDetails(error)) throw notSql(source, error.message, error.sqlDetails!.cursorPosition, error);
    throw error;
  }
}

// The parser counts bytes of UTF-8. Asked in ascending order, so that each byte is looked at once.
function offsetsOfBytes(text: string): (byte: number) => number {
  const bytes = Buffer.from(text, "utf8");
  if (bytes.length === text.length) return (byte) => byte;
  let seenBytes = 0;
  let seenUnits = 0;
  return (byte) => {
    if (byte < seenBytes) seenBytes = seenUnits = 0;
    seenUnits += bytes.toString("utf8", seenBytes, byte).length;
    seenBytes = byte;
    return seenUnits;
  };
}

function notSql(source: SqlSource, message: string, character: number, cause: unknown): Error {
  const offset = offsetOfCharacter(source.text, Math.max(0, character));
  const before = source.text.slice(0, offset);
  if (/\bcopy\b[^;]*\bfrom\s+stdin\b[^;]*;\s*$/i.test(before)) return copyFromStdin(source, offset, cause);
  if (source.text[offset] === "\\") {
    return migrationInvalid(source, offset, {
      why: "commands of psql (a backslash and a word) are not SQL",
      todo: "Remove the line; write what it did as SQL",
      cause,
    });
  }
  return migrationInvalid(source, offset, { why: message, todo: "Correct the SQL", cause });
}

/** The refusal of `COPY … FROM STDIN`, whose rows are not SQL and cannot be sent with it. */
export function copyFromStdin(source: SqlSource, offset: number, cause?: unknown): Error {
  return migrationInvalid(source, offset, {
    why: "COPY … FROM STDIN needs psql: the rows after it are not SQL",
    todo: "Write the rows as INSERT INTO … VALUES",
    cause,
  });
}

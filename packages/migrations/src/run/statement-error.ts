import { isPostgresError } from "@slipway/ledger";
import { describePlace, offsetOfCharacter, type SqlSource } from "../sql/source-position.ts";

/** A refused statement of a file: the server's error, and where the statement starts. */
export class StatementError extends Error {
  override readonly name = "StatementError";
  /** In UTF-16 units; the server's positions count from there. */
  readonly start: number;

  constructor(cause: unknown, start: number) {
    super("a statement was refused", { cause });
    this.start = start;
  }
}

/** The SQLSTATE of the server's error, bare or inside a {@link StatementError}; null for any other error. */
export function sqlStateOf(error: unknown): string | null {
  const bare = error instanceof StatementError ? error.cause : error;
  return isPostgresError(bare) ? bare.code : null;
}

/**
 * Tells what the server said: file, line and column, the line itself, the message and its hint; without a place
 * when the error is not about a statement of the file. The server's detail is left out: it quotes values of rows.
 *
 * @example
 * // 2_orders.sql:3:13: relation "order" does not exist (SQLSTATE 42P01)
 * //     3 | alter table order add column note text;
 */
export function describeError(source: SqlSource, error: unknown): string {
  const bare = error instanceof StatementError ? error.cause : error;
  if (!isPostgresError(bare)) return bare instanceof Error ? bare.message : String(bare);
  const message = `${bare.message} (SQLSTATE ${bare.code})`;
  const hint = textOf(bare, "hint");
  const hints = hint === undefined ? [] : [`    hint: ${hint}`];
  if (!(error instanceof StatementError)) return [message, ...hints].join("\n");
  const position = Number(textOf(bare, "position") ?? 1);
  const offset = error.start + offsetOfCharacter(source.text.slice(error.start), position - 1);
  const { place, excerpt } = describePlace(source, offset);
  // For an error inside a function the first line of the context names it.
  const context = textOf(bare, "where")?.split("\n")[0];
  const inside = context === undefined ? [] : [`    in: ${context}`];
  return [`${place}: ${message}`, `    ${excerpt}`, ...inside, ...hints].join("\n");
}

function textOf(error: object, key: string): string | undefined {
  const value = (error as Record<string, unknown>)[key];
  return typeof value === "string" && value !== "" ? value : undefined;
}

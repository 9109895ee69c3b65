import type { SqlStatement } from "../sql/parse-sql.ts";
import type { Waiver } from "./waivers.ts";

/**
 * The statement that a waiver is about: the one it stands in or behind on the same line, otherwise the next one below.
 * Undefined for a waiver at the end of a file.
 */
export function waivedStatement<S extends Pick<SqlStatement, "start" | "text">>(
  text: string,
  statements: readonly S[],
  { offset }: Pick<Waiver, "offset">,
): S | undefined {
  const before = statements.findLast(({ start }) => start <= offset);
  if (before !== undefined) {
    const end = before.start + before.text.length;
    if (offset < end || !text.slice(end, offset).includes("\n")) return before;
  }
  return statements.find(({ start }) => start > offset);
}

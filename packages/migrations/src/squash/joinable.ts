import { classifyStatement } from "../classify/classify-statement.ts";
import { backfillOf } from "../read/backfill-directive.ts";
import { directiveLines } from "../read/directive-lines.ts";
import { isWaiverLine } from "../read/waivers.ts";
import { cleanSession } from "../run/work-unit.ts";
import { parseSql, type SqlStatement } from "../sql/parse-sql.ts";
import type { SqlSource } from "../sql/source-position.ts";

/** A file's SQL as a part of a longer file. */
export interface JoinablePart {
  readonly text: string;
  /** What keeps it from being one. */
  readonly problems: readonly string[];
}

// Nobody waits for a lock on a new database, and there it is one transaction.
const CONCURRENTLY =
  /^((?:create\s+(?:unique\s+)?index|drop\s+index|reindex\s+(?:\([^)]*\)\s*)?(?:index|table))\s+)concurrently\s+/i;

/**
 * Makes a file a part of a longer one: what it says about itself becomes a note, `CONCURRENTLY` goes, and what it leaves
 * in the session is taken back before the next part, as it is between two migrations.
 */
export async function joinable(source: SqlSource): Promise<JoinablePart> {
  if (backfillOf(source.text) !== null)
    return { text: source.text, problems: ["a backfill runs in chunks, a transaction for each"] };
  const statements = await parseSql(source);
  const problems: string[] = [];
  const pieces: string[] = [];
  let from = 0;
  for (const statement of statements) {
    const { start, text, node } = statement;
    const plain = text.replace(CONCURRENTLY, "$1");
    if (plain === text && !classifyStatement(node).transactional)
      problems.push(`${text.split(/\s+/, 2).join(" ")} runs in no transaction`);
    pieces.push(source.text.slice(from, start), plain);
    from = start + text.length;
  }
  const rest = source.text.slice(from);
  pieces.push(rest.trimStart().startsWith(";") ? "" : ";", rest);
  const session = statements.some(leavesInSession) ? `\n${cleanSession}` : "";
  // The places of directives are before the first statement, where nothing was replaced.
  return { text: `${withoutDirectives(source.text, pieces.join(""))}${session}\n`, problems };
}

/** A directive is about a file of its own; in a longer file it is history. */
function withoutDirectives(original: string, joined: string): string {
  let text = joined;
  const lines = directiveLines(original).filter((line) => line.inHeader && !isWaiverLine(line));
  for (const { offset, words } of lines.reverse()) {
    const end = text.indexOf("\n", offset);
    const after = end === -1 ? text.length : end;
    const note = words.startsWith("replaces") ? "-- squashed before" : `-- it was: ${words}`;
    text = `${text.slice(0, offset)}${note}${text.slice(after)}`;
  }
  return text.replace(/(?:-- squashed before\n)+/g, "-- squashed before\n");
}

function leavesInSession({ node, text }: SqlStatement): boolean {
  return (
    "VariableSetStmt" in node ||
    /\bset_config\b/i.test(text) ||
    ("CreateStmt" in node && node.CreateStmt.relation?.relpersistence === "t") ||
    "DoStmt" in node
  );
}

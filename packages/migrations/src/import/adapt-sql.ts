import { BREAKS_APP } from "../classify/check-phase.ts";
import { classifyStatements } from "../classify/classify-statements.ts";
import { parseSql, type SqlStatement } from "../sql/parse-sql.ts";
import type { SqlSource } from "../sql/source-position.ts";

/** SQL as it will lie here, and what was changed in it, in words for people. */
export interface Adapted {
  readonly text: string;
  /** The same for checking: what was left out is blank and nothing is added, so that places are those of the file. */
  readonly checked: string;
  readonly changes: readonly string[];
}

/**
 * Fits the SQL of another tool to this one: a BEGIN and COMMIT around everything go, since each file is a transaction
 * anyway; statements that an older app could not live with get a dated waiver, since they were applied long ago.
 *
 * @param until the last day of the waivers; `null` for a rollback, which needs none.
 * @throws {SlipwayError} MIGRATION_INVALID for what is not SQL.
 */
export async function adaptSql(source: SqlSource, until: string | null): Promise<Adapted> {
  const changes: string[] = [];
  let text = source.text;
  let checked = text;
  const around = transactionAround(await parseSql(source));
  if (around !== null) {
    text = withoutStatements(text, around);
    checked = around.reduce(blank, checked);
    changes.push("BEGIN and COMMIT around the file left out");
  }
  if (until === null) return { text, checked, changes };
  const breaking = classifyStatements(await parseSql({ ...source, text })).filter(
    ({ breaks }) => breaks !== null,
  );
  for (const { start } of [...breaking].reverse()) {
    const waiver = `-- slipway: allow ${BREAKS_APP} until ${until} because it was applied before the import\n`;
    const line = text.lastIndexOf("\n", start - 1) + 1;
    // A statement may begin behind another on its line: the waiver then starts a line of its own.
    const isFirst = text.slice(line, start).trim() === "";
    text = isFirst
      ? text.slice(0, line) + waiver + text.slice(line)
      : `${text.slice(0, start)}\n${waiver}${text.slice(start)}`;
  }
  if (breaking.length > 0) changes.push(`${breaking.length} allowed until ${until} (${BREAKS_APP})`);
  return { text, checked, changes };
}

function transactionAround(statements: readonly SqlStatement[]): [SqlStatement, SqlStatement] | null {
  const [first] = statements;
  const last = statements.at(-1);
  if (first === undefined || last === undefined || statements.length < 3) return null;
  const others = statements.filter((one) => kindOf(one) !== null && one !== first && one !== last);
  const begins = /^TRANS_STMT_(?:BEGIN|START)$/.test(kindOf(first) ?? "");
  return begins && kindOf(last) === "TRANS_STMT_COMMIT" && others.length === 0 ? [first, last] : null;
}

function kindOf({ node }: SqlStatement): string | null {
  return "TransactionStmt" in node ? (node.TransactionStmt.kind ?? null) : null;
}

function withoutStatements(text: string, [first, last]: readonly [SqlStatement, SqlStatement]): string {
  const cut = (from: string, { start, text: statement }: SqlStatement) => {
    const end = start + statement.length;
    const rest = from.slice(end).replace(/^\s*;[ \t]*(?:\r?\n)?/, "");
    return from.slice(0, start) + rest;
  };
  return cut(cut(text, last), first);
}

function blank(text: string, { start, text: statement }: SqlStatement): string {
  const end = start + statement.length;
  return (
    text.slice(0, start) +
    statement.replace(/\S/g, " ") +
    text.slice(end).replace(/^\s*;/, (gap) => gap.replace(";", " "))
  );
}

import { type ClassifiedStatement, classifyStatements } from "../classify/classify-statements.ts";
import { parseSql } from "../sql/parse-sql.ts";
import type { SqlSource } from "../sql/source-position.ts";

/** What is done with every row of a table, or with some: `rows` reads or writes those that a statement is about. */
export interface TableWork {
  /** `public.` left out; null where the statement does not name it. */
  readonly table: string | null;
  readonly work: "scan" | "build" | "rewrite" | "rows";
}

const weight = ["rows", "scan", "build", "rewrite"];

/** The work on tables that were there before, the heaviest of each, by name: what the time depends on. */
export function tableWork(statements: readonly ClassifiedStatement[]): TableWork[] {
  const found = new Map<string | null, TableWork["work"]>();
  const add = (table: string | null, work: TableWork["work"]) => {
    if (weight.indexOf(work) >= weight.indexOf(found.get(table) ?? "rows")) found.set(table, work);
  };
  for (const { workFelt, work, workOn, touches, felt } of statements) {
    if (workFelt && work !== "none") add(workOn, work);
    if (touches === "data" || touches === "both") for (const { relation } of felt) add(relation, "rows");
  }
  return [...found]
    .map(([table, work]) => ({ table, work }))
    .sort((a, b) => ((a.table ?? "") < (b.table ?? "") ? -1 : 1));
}

// Files without these words, such as one that makes a table, work on no row that was there, and are not parsed.
const MAY_WORK = /\b(?:alter|index|reindex|cluster|vacuum|refresh|insert|update|delete|merge|copy|select)\b/i;

/**
 * The names of tables whose size decides how long a file runs. SQL that does not parse has none: the server says what is
 * wrong with it.
 */
export async function workedTables(source: SqlSource): Promise<string[]> {
  if (!MAY_WORK.test(source.text)) return [];
  const statements = await parseSql(source).catch(() => []);
  return tableWork(classifyStatements(statements)).flatMap(({ table }) => (table === null ? [] : [table]));
}

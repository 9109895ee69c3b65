import { parseSql } from "../sql/parse-sql.ts";
import type { SqlSource } from "../sql/source-position.ts";

/**
 * Splits a file as the Supabase CLI does for its history: no semicolon at the end and no white space around; comments
 * go with the statement after them, and what is left at the end of the file is an entry of its own.
 *
 * @example
 * await splitStatements({ file: "1_a.sql", text: "-- one\nselect 1;\nselect 2;\n-- end" });
 * // ["-- one\nselect 1", "select 2", "-- end"]
 */
export async function splitStatements(source: SqlSource): Promise<string[]> {
  const statements = await parseSql(source);
  const { text } = source;
  const entries: string[] = [];
  let from = 0;
  for (const statement of statements) {
    const end = statement.start + statement.text.length;
    entries.push(text.slice(from, end));
    const semicolon = text.indexOf(";", end);
    from = semicolon === -1 ? text.length : semicolon + 1;
  }
  entries.push(text.slice(from));
  return entries.map((entry) => entry.trim()).filter((entry) => entry !== "");
}

import { escapeLiteral } from "pg";
import type { Migration } from "../migration.ts";
import { downFile, upFile } from "../migration.ts";
import { splitStatements } from "./split-statements.ts";
import type { SupabaseHistory } from "./supabase-history.ts";

const TABLE = "supabase_migrations.schema_migrations";

/**
 * The statement that writes a migration into the Supabase CLI's history, for the transaction of the migration itself.
 * Columns that a database lacks are left out; a row that is there already is brought up to date.
 */
export async function historyInsert(
  { columns }: SupabaseHistory,
  migration: Pick<Migration, "id" | "up" | "down">,
  actor: string,
): Promise<string> {
  const { id, up, down } = migration;
  const values: Record<string, string> = {
    version: escapeLiteral(versionOf(id)),
    name: escapeLiteral(nameOf(id)),
    statements: textArray(await splitStatements({ file: upFile(id), text: up })),
    rollback: down === null ? "null" : textArray(await splitStatements({ file: downFile(id), text: down })),
    created_by: escapeLiteral(actor),
  };
  const present = Object.keys(values).filter((column) => columns.has(column));
  const updated = present.filter((column) => column !== "version" && column !== "created_by");
  return [
    `insert into ${TABLE} (${present.join(", ")})`,
    `values (${present.map((column) => values[column]).join(", ")})`,
    `on conflict (version) do ${updated.length === 0 ? "nothing" : `update set ${updated.map((column) => `${column} = excluded.${column}`).join(", ")}`}`,
  ].join("\n");
}

/** The statement that takes a migration out of the history. A row that is gone already is no error. */
export function historyDelete(id: string): string {
  return `delete from ${TABLE} where version = ${escapeLiteral(versionOf(id))}`;
}

/** `20260101000001_products` → `20260101000001`. */
export const versionOf = (id: string): string => /^\d+/.exec(id)?.[0] ?? id;

const nameOf = (id: string): string => id.replace(/^\d+_/, "");

const textArray = (texts: readonly string[]): string =>
  `array[${texts.map((text) => escapeLiteral(text)).join(", ")}]::text[]`;

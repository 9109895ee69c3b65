import { readFileSync } from "node:fs";
import type { Migration } from "../migration.ts";

const file = new URL("../../sql/supabase-stand-ins.sql", import.meta.url);

const SIGNS =
  /\b(?:auth\s*\.\s*(?:uid|jwt|role|email|users)|storage\s*\.\s*(?:objects|buckets|foldername)|realtime\s*\.\s*messages|supabase_realtime|(?:to|from)\s+[^;]*\b(?:anon|authenticated|service_role)|extensions\s*\.|schema\s+extensions)\b/i;

/**
 * SQL that makes what migrations written for Supabase find in an empty database: roles, `auth.users`, `auth.uid()`,
 * `storage.objects`, …; `null` for migrations that refer to none of it. It makes roles, which belong to the server.
 */
export function supabaseStandIns(migrations: readonly Pick<Migration, "up" | "down">[]): string | null {
  const needed = migrations.some(({ up, down }) => SIGNS.test(up) || SIGNS.test(down ?? ""));
  return needed ? readFileSync(file, "utf8") : null;
}

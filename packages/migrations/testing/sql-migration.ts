import { sha256 } from "@slipway/kernel";
import { classifyRollback } from "../src/loss/classify-rollback.ts";
import type { Migration, Phase } from "../src/migration.ts";
import { parseSql } from "../src/sql/parse-sql.ts";

/** A migration from its SQL, as `readMigrations` would give it. */
export async function sqlMigration(
  id: string,
  up: string,
  down: string | null,
  options: { readonly phase?: Phase; readonly kind?: Migration["kind"] } = {},
): Promise<Migration> {
  const kind =
    down === null
      ? "irreversible"
      : classifyRollback(await parseSql({ file: `rollbacks/${id}.sql`, text: down }));
  return {
    id,
    version: /^\d+/.exec(id)?.[0] ?? "",
    name: id.replace(/^\d+_/, ""),
    up,
    down,
    upSha256: sha256(up),
    downSha256: down === null ? null : sha256(down),
    phase: options.phase ?? "expand",
    kind: options.kind ?? kind,
    reason: null,
  };
}

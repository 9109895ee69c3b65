import { type Database, databaseError } from "@slipway/ledger";
import type { Migration } from "../migration.ts";
import { actorFor } from "../run/run-context.ts";
import { callOf } from "../run/work-unit.ts";
import { historyDelete, historyInsert } from "../supabase/history-sql.ts";
import type { SupabaseHistory } from "../supabase/supabase-history.ts";

/** On whose behalf, and why, the ledger is corrected. */
export interface AdoptContext {
  /** The fencing token of the held lease. */
  readonly token: number;
  readonly actor: string;
  /** For the audit. */
  readonly reason: string;
  /** The Supabase CLI's history, where it is kept up too. */
  readonly supabase: SupabaseHistory | null;
}

/**
 * Records migrations as applied without running them, with the rollback SQL that would undo them: all of them, or none.
 * Each gets an audit event `migration.adopted`.
 *
 * @param release the release that they are recorded with.
 * @throws {SlipwayError} LEASE_LOST; DATABASE_FAILED when one is applied already.
 * @example
 * await adoptMigrations(db, pending, "1.0.0", { token, actor: "ana", reason: "came from db push", supabase: null });
 */
export async function adoptMigrations(
  db: Database,
  migrations: readonly Migration[],
  release: string,
  context: AdoptContext,
): Promise<void> {
  const actor = actorFor(db, context);
  const statements: string[] = [];
  for (const migration of migrations) {
    const { id, phase, kind, up, down, upSha256, downSha256 } = migration;
    const values = [
      context.token,
      actor,
      id,
      release,
      phase,
      kind,
      up,
      down,
      upSha256,
      downSha256,
      context.reason,
    ];
    statements.push(callOf("slipway.migration_adopted", values));
    if (context.supabase !== null) statements.push(await historyInsert(context.supabase, migration, actor));
  }
  await inOne(db, statements, "Cannot record the migrations as applied");
}

/**
 * Records the newest applied migration as not applied, without running its rollback. Audited as `migration.forgotten`.
 *
 * @throws {SlipwayError} LEASE_LOST; DATABASE_FAILED when it is not the newest.
 */
export async function forgetMigration(db: Database, id: string, context: AdoptContext): Promise<void> {
  const actor = actorFor(db, context);
  const statements = [callOf("slipway.migration_forgotten", [context.token, actor, id, context.reason])];
  if (context.supabase !== null) statements.push(historyDelete(id));
  await inOne(db, statements, `Cannot record migration "${id}" as not applied`);
}

async function inOne(db: Database, statements: readonly string[], what: string): Promise<void> {
  try {
    await db.transaction(() => db.script(statements.join(";\n")));
  } catch (error) {
    throw databaseError(error, what);
  }
}

import { type Database, databaseError } from "@slipway/ledger";
import { parseSql } from "../sql/parse-sql.ts";
import { actorFor, limitsOf, type RunContext } from "./run-context.ts";
import { endOrphans, runMarker } from "./run-marker.ts";
import { runStatements } from "./run-outside-transaction.ts";
import { StatementError } from "./statement-error.ts";
import { unfinishedMigrations } from "./unfinished-migrations.ts";
import { callOf, epilogue, type MessageContext, prologue } from "./work-unit.ts";

/**
 * Takes back what killed runs began outside a transaction, where the wanted release does not go on with it: an index of
 * a migration that is no longer wanted goes, one that a stopped rollback had dropped comes back, a backfill that came half
 * way is taken back by its rollback. Call it before the
 * first change of a run, also when there is nothing to apply or undo: the ledger's rows do not show such remains.
 *
 * @param wanted ids of the wanted release's migrations.
 * @returns ids of what was taken back.
 * @throws {SlipwayError} LEASE_LOST, DATABASE_FAILED.
 */
export async function abandonUnfinished(
  db: Database,
  wanted: readonly string[],
  context: RunContext,
): Promise<string[]> {
  const abandoned = (await unfinishedMigrations(db)).filter(
    ({ id, direction }) => wanted.includes(id) !== (direction === "up"),
  );
  const message = { token: context.token, limits: limitsOf(context), marker: runMarker(context.token) };
  for (const { id, opposite } of abandoned) {
    try {
      await db.query("select slipway.fence($1)", [context.token]);
      await endOrphans(db, context.token);
      const backfill = await db.query("select from slipway.backfills where migration = $1", [id]);
      if (backfill.length > 0) {
        await takeBackBackfill(db, id, opposite, message);
      } else {
        const statements = opposite === null ? [] : await parseSql({ file: id, text: opposite });
        await runStatements(db, statements, message, true);
      }
      await db.query("select slipway.append_event($1, $2, $3, 'migration.abandoned', $4, '{}')", [
        context.token,
        actorFor(db, context),
        context.run,
        id,
      ]);
    } catch (error) {
      const refused = error instanceof StatementError ? error.cause : error;
      throw databaseError(refused, `Cannot take back what is left of migration "${id}"`);
    }
  }
  return abandoned.map(({ id }) => id);
}

// Its chunks are rows like any others, so its rollback runs as it always would.
async function takeBackBackfill(
  db: Database,
  id: string,
  opposite: string | null,
  message: MessageContext,
): Promise<void> {
  const forget = callOf("slipway.forget_backfill", [message.token, id]);
  await db.transaction(async () => {
    await db.script(`${prologue(message)}${opposite ?? ""}${epilogue({ record: forget })}`);
  });
}

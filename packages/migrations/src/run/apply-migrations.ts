import { SlipwayError } from "@slipway/kernel";
import { type Database, listSavedData, type SavedData } from "@slipway/ledger";
import { workedTables } from "../estimate/table-work.ts";
import { tablesMadeIn } from "../estimate/tables-made-in.ts";
import { describePutBack } from "../loss/describe-put-back.ts";
import { type Migration, upFile } from "../migration.ts";
import { runDirectives } from "../read/run-directives.ts";
import { executionOf } from "../sql/execution-of.ts";
import { historyInsert } from "../supabase/history-sql.ts";
import { noteEnd } from "./note-duration.ts";
import { actorFor, type MigrationProgress, type RunContext } from "./run-context.ts";
import { type FailureFacts, runUnits } from "./run-units.ts";
import { describeError, sqlStateOf } from "./statement-error.ts";
import { callOf, type WorkUnit } from "./work-unit.ts";

const DISK_FULL = "53100";

/** The context of {@link applyMigrations}. */
export interface ApplyContext extends RunContext {
  /** The release that a migration came with. */
  readonly release: (id: string) => string;
}

/** One migration that was applied. */
export interface AppliedResult {
  readonly id: string;
  /** What its last rollback had saved, and how putting it back went; empty where nothing was. */
  readonly putBack: readonly SavedData[];
}

/**
 * Applies migrations in the given order. Each is one transaction that also writes its row, with its up and rollback
 * SQL, into the ledger; about fifty travel in one message. A migration that fails leaves nothing; those before it
 * stay. Killed at any instant, what the ledger lists is what was applied.
 *
 * Statements that cannot run in a transaction run one by one, their row after them; see `runOutsideTransaction`.
 *
 * What an earlier rollback of a migration saved is put back in the migration's own transaction, after its SQL. Rows that
 * are in the way stay, and what cannot be put back stays saved: neither fails the migration, both are told.
 *
 * @throws {SlipwayError} SCHEMA_APPLY_FAILED with file, line and the server's message; LEASE_LOST; INTERRUPTED.
 * @example
 * await applyMigrations(db, pending, { token: lease.token, run: 7, actor: "ana", release: () => "1.4.0" });
 */
export async function applyMigrations(
  db: Database,
  migrations: readonly Migration[],
  context: ApplyContext,
): Promise<AppliedResult[]> {
  const units: WorkUnit[] = [];
  // Empty when the run began: their size says nothing, and on a new database that is all of them.
  const made = new Set<string>();
  const waiting = await savedFor(db, migrations);
  const actor = actorFor(db, context);
  for (const migration of migrations) {
    const source = { file: upFile(migration.id), text: migration.up };
    units.push({
      id: migration.id,
      direction: "up",
      source,
      execution: await executionOf(source),
      timeouts: runDirectives(migration.up),
      opposite: migration.down,
      guard: null,
      worksOn: (await workedTables(source)).filter((table) => !made.has(table)),
      record: [
        await recordApplied(migration, { ...context, actor }),
        ...recordAllowed(db, migration, { ...context, actor }),
        noteEnd({ id: migration.id, direction: "up" }, migration.upSha256),
        ...(waiting.has(migration.id)
          ? [callOf("slipway.put_back", [context.token, context.run, actor, migration.id])]
          : []),
      ].join(";\n"),
    });
    for (const table of tablesMadeIn(migration.up)) made.add(table);
  }
  await runUnits(
    db,
    { units, done: "applied", failure: applyFailed, doneIds: (ids) => appliedIds(db, ids) },
    context,
  );
  const after = waiting.size === 0 ? [] : await listSavedData(db);
  return migrations.map(({ id }) => {
    const putBack = after.filter(({ name }) => waiting.get(id)?.includes(name));
    for (const saved of putBack) context.onProgress?.(describePutBack(saved), savedProgress(id, migrations));
    return { id, putBack };
  });
}

/** Names of what is saved and was not put back, by migration. */
async function savedFor(
  db: Database,
  migrations: readonly Migration[],
): Promise<Map<string, readonly string[]>> {
  const ids = new Set(migrations.map(({ id }) => id));
  const saved = migrations.length === 0 ? [] : await listSavedData(db);
  const names = new Map<string, readonly string[]>();
  for (const { migration, name, putBackAt } of saved) {
    if (putBackAt !== null || !ids.has(migration)) continue;
    names.set(migration, [...(names.get(migration) ?? []), name]);
  }
  return names;
}

function savedProgress(id: string, migrations: readonly Migration[]): MigrationProgress {
  const position = migrations.findIndex((migration) => migration.id === id) + 1;
  return { id, state: "put back", position, total: migrations.length };
}

/** Which of the given migrations the ledger has as applied. */
export async function appliedIds(db: Database, ids: readonly string[]): Promise<Set<string>> {
  const rows = await db.query<{ id: string }>("select id from slipway.migrations where id = any($1)", [
    [...ids],
  ]);
  return new Set(rows.map(({ id }) => id));
}

async function recordApplied(migration: Migration, context: ApplyContext): Promise<string> {
  const { token, run, actor, release, supabase = null } = context;
  const { id, phase, kind, up, down, upSha256, downSha256 } = migration;
  const row = callOf("slipway.migration_applied", [
    token,
    run,
    actor,
    id,
    release(id),
    phase,
    kind,
    up,
    down,
    upSha256,
    downSha256,
  ]);
  return supabase === null ? row : `${row};\n${await historyInsert(supabase, migration, actor)}`;
}

// What its author had to give a reason for: the audit keeps it beside the event that it was applied.
function recordAllowed(
  db: Database,
  { id, late, gap, unproved }: Migration,
  { token, run, actor }: Pick<ApplyContext, "token" | "run" | "actor">,
): string[] {
  const allowed = { ...(late && { late }), ...(gap && { gap }), ...(unproved && { unproved }) };
  if (Object.keys(allowed).length === 0) return [];
  const data = JSON.stringify(allowed);
  const shown = db.redactor?.redact(data) ?? data;
  return [callOf("slipway.append_event", [token, actor, run, "migration.allowed", id, shown])];
}

function applyFailed(unit: WorkUnit, error: unknown, { before, total, waited }: FailureFacts): SlipwayError {
  const rest = restOf(unit);
  const others = total === 1 ? "" : `; ${before} of ${total} were applied before it and stay`;
  return new SlipwayError("SCHEMA_APPLY_FAILED", {
    what: `Cannot apply migration "${unit.id}"`,
    why: `${describeError(unit.source, error)}${waited}\n    ${rest}${others}`,
    todo:
      sqlStateOf(error) === DISK_FULL
        ? "Free disk space on the database server, then run slipway up again: it goes on from what stays"
        : "Correct the migration in a new release, or remove what stands in its way and run slipway up again",
    cause: error,
  });
}

function restOf({ execution }: WorkUnit): string {
  if (execution.mode === "backfill")
    return "the chunks before this one stay, and the next run goes on after them";
  return execution.mode === "alone" && execution.statements.length > 1
    ? "its statements before this one stay: they cannot run in a transaction"
    : "nothing of it was applied";
}

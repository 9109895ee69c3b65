import { SlipwayError } from "@slipway/kernel";
import { appendAudit } from "@slipway/ledger";
import { describeDrift, driftSince, type SchemaDifference } from "@slipway/migrations";
import type { OpenEnvironment } from "./open-environment.ts";
import type { RunPlan } from "./plan.ts";
import type { OpenRun, RunSession } from "./run-session.ts";

const SHOWN = 8;

/**
 * Refuses a rollback of a schema that somebody changed by hand since its head settled: the rollback SQL was proved
 * against another one.
 *
 * @throws {SlipwayError} SCHEMA_DRIFTED naming the differences, unless the stack allows it for this head.
 */
export async function guardDrift(environment: OpenEnvironment, plan: RunPlan): Promise<void> {
  const found = await driftBeforeRollback(environment, plan);
  if (found === null || found.differences.length === 0) return;
  if (environment.settings.allowDrift.includes(found.head)) return;
  throw new SlipwayError("SCHEMA_DRIFTED", {
    what: `Cannot undo migrations of "${environment.settings.environment}"`,
    why: `the schema is not what it was when ${found.head} settled: ${describe(found.differences)}`,
    todo: `Undo that change by hand, or list ${found.head} in slipway:allowDrift to roll back all the same`,
  });
}

/**
 * Writes to the audit that a rollback runs on a schema that drifted, because the stack allows it. Where it allows
 * none the guard has looked already, and a rollback is not kept waiting for the catalog a second time.
 */
export async function recordAllowedDrift(session: RunSession, run: OpenRun, plan: RunPlan): Promise<void> {
  const { environment } = session;
  if (environment.settings.allowDrift.length === 0) return;
  const found = await driftBeforeRollback(environment, plan);
  const db = await environment.database();
  if (db === null || found === null || found.differences.length === 0) return;
  const differences = found.differences.slice(0, SHOWN).map(describeDrift);
  environment.context.log(
    "warning",
    `rolls back although the schema drifted: ${describe(found.differences)}`,
  );
  await appendAudit(db, run.token, {
    actor: run.actor,
    run: run.id,
    kind: "schema.drift-allowed",
    subject: found.head,
    data: { count: found.differences.length, differences },
  });
}

async function driftBeforeRollback(
  environment: OpenEnvironment,
  { schema: { undo } }: RunPlan,
): Promise<{ head: string; differences: readonly SchemaDifference[] } | null> {
  if (undo.contract.length + undo.expand.length === 0) return null;
  const head = (await environment.observe()).ledger.applied.at(-1)?.id;
  const db = await environment.database();
  return db === null || head === undefined ? null : { head, differences: await driftSince(db, head) };
}

function describe(differences: readonly SchemaDifference[]): string {
  const more = differences.length > SHOWN ? `, and ${differences.length - SHOWN} more` : "";
  return differences.slice(0, SHOWN).map(describeDrift).join(", ") + more;
}

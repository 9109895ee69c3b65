import { SlipwayError } from "@slipway/kernel";
import { appendAudit, type Database, readHead, type StoredProbe } from "@slipway/ledger";
import { describeProbes, type ProbeResult, readProbes, runProbes } from "@slipway/migrations";
import type { OpenEnvironment } from "./open-environment.ts";
import type { RunPlan } from "./plan.ts";
import type { OpenRun, RunSession } from "./run-session.ts";

/**
 * Refuses to go forward while an invariant of the present head is broken. A rollback goes on: what broke it may be the
 * very reason to go back.
 *
 * @throws {SlipwayError} PROBE_FAILED naming the probes.
 */
export async function guardProbes(environment: OpenEnvironment, plan: RunPlan): Promise<void> {
  const { apply, undo } = plan.schema;
  if (apply.expand.length + apply.contract.length === 0 || undo.contract.length + undo.expand.length > 0)
    return;
  const found = describeProbes((await askPresent(environment)) ?? []);
  if (found === "") return;
  throw new SlipwayError("PROBE_FAILED", {
    what: `Cannot change the schema of "${environment.settings.environment}"`,
    why: `an invariant is broken already: ${found}`,
    todo: "Mend the data, or correct the invariant and release it, then run again",
  });
}

/** Asks the probes of the present head before the schema changes, and writes down what they say. */
export async function recordProbesBefore(session: RunSession, run: OpenRun, plan: RunPlan): Promise<void> {
  const { apply, undo } = plan.schema;
  const ids = [...apply.expand, ...apply.contract, ...undo.contract, ...undo.expand];
  if (ids.length === 0) return;
  const { environment } = session;
  const results = await askPresent(environment);
  const db = await environment.database();
  if (results === null || db === null || results.length === 0) return;
  await record(db, run, "before", results);
  const found = describeProbes(results);
  if (found !== "")
    environment.context.log("warning", `before the change of the schema an invariant is broken: ${found}`);
}

/**
 * Asks, once the schema is what the pin wants, the probes that hold for it: those on disk when the newest migrations came
 * with this run, or else those that the ledger kept when this head settled before, whatever is checked out now.
 *
 * @returns the probes to keep with the head.
 * @throws {SlipwayError} INVARIANT_BROKEN when one does not pass.
 */
export async function provesAfter(
  session: RunSession,
  run: OpenRun,
  { head, back }: { readonly head: string | null; readonly back: boolean },
): Promise<readonly StoredProbe[]> {
  const { environment } = session;
  const db = await environment.database();
  if (db === null || head === null) return [];
  const kept = await readHead(db, head);
  // The checkout speaks of the head that it brings, and not of one that a rollback leads to.
  const onDisk = kept === null && !back ? await readProbes(environment.folders.migrations) : [];
  const probes = kept?.probes ?? onDisk;
  if (kept !== null && !(await schemaChanged(db))) return probes;
  const results = await runProbes(db, probes);
  if (results.length > 0) await record(db, run, "after", results);
  const found = describeProbes(results);
  if (found === "") return probes;
  throw new SlipwayError("INVARIANT_BROKEN", {
    what: `The schema of release ${run.manifest.version} does not hold`,
    why: `an invariant is broken after the change: ${found}`,
    todo: "Look at the rows that it finds; slipway rollback goes back to the release before",
  });
}

// Since the last run that passed: an interrupted run may have changed it, and this one only ended it.
async function schemaChanged(db: Database): Promise<boolean> {
  const [row] = await db.query<{ changed: boolean }>(
    `select exists (select from slipway.audit a where a.kind in ('migration.applied', 'migration.reverted')
       and a.seq > coalesce((select max(v.seq) from slipway.audit v where v.kind = 'run.verified'), 0)) as changed`,
  );
  return row?.changed !== false;
}

async function askPresent(environment: OpenEnvironment): Promise<ProbeResult[] | null> {
  const db = await environment.database();
  const head = (await environment.observe()).ledger.applied.at(-1)?.id;
  if (db === null || head === undefined) return null;
  return runProbes(db, (await readHead(db, head))?.probes ?? []);
}

async function record(
  db: Database,
  run: OpenRun,
  when: "before" | "after",
  results: readonly ProbeResult[],
): Promise<void> {
  await appendAudit(db, run.token, {
    actor: run.actor,
    run: run.id,
    kind: "invariants.asked",
    subject: run.manifest.version,
    data: { when, results: results.map(({ name, verdict, why }) => ({ name, verdict, why })) },
  });
}

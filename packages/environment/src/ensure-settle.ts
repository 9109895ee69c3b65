import { SlipwayError } from "@slipway/kernel";
import { keepHead, type StoredProbe, setFingerprints, stopInstance } from "@slipway/ledger";
import { fingerprint, objectLines } from "@slipway/migrations";
import { archiveFlags } from "./ensure-flag.ts";
import { freshPlan, migrate, undoMigrations } from "./ensure-schema.ts";
import { failpoint } from "./failpoint.ts";
import { writeFlagBootstrap } from "./flag-bootstrap.ts";
import type { RunPlan } from "./plan.ts";
import { provesAfter } from "./probes.ts";
import { runDatabase } from "./run-database.ts";
import type { OpenRun, RunSession } from "./run-session.ts";

/** The state that a verified run leaves, and the audit's newest hash, which belongs outside the database. */
export interface SettleResult {
  readonly release: string;
  readonly schemaHead: string | null;
  readonly stopped: readonly string[];
  /** Keys of flags that the pin does not have. */
  readonly archived: readonly string[];
  readonly applied: readonly string[];
  readonly undone: readonly string[];
  readonly auditHead: string;
}

const STOP_GRACE_MS = 10_000;

/**
 * The last ensure: nothing but the pin remains. Drains and stops other instances; then, with the other app
 * gone, flags that left the product are archived, and contract migrations go up or the expand migrations of the newer
 * release are undone; then checks that ledger and world are what the pin asks for, and closes the run as verified.
 *
 * @throws {SlipwayError} SCHEMA_REVERT_FAILED (the app is back, the schema is not), SCHEMA_APPLY_FAILED,
 *   INVARIANT_BROKEN, LEASE_LOST.
 */
export async function ensureSettle(session: RunSession): Promise<SettleResult> {
  const run = session.current("settle");
  const { environment } = session;
  await failpoint("settle.before");
  const plan = await freshPlan(session, run);
  const missing = [
    ...(plan.shift ? ["traffic does not go to it"] : []),
    ...(plan.start.length > 0 ? [`not running: ${plan.start.join(", ")}`] : []),
  ];
  if (missing.length > 0) {
    throw new SlipwayError("INVARIANT_BROKEN", {
      what: `Cannot settle on release ${run.manifest.version}`,
      why: `${missing.join("; ")}: nothing else was stopped, and the schema was left as it is`,
    });
  }
  await stopOthers(session, run, plan);
  await failpoint("settle.stopped");
  const archived = await archiveFlags(session, run, plan.flags.archive);
  await writeFlagBootstrap(environment);
  await failpoint("settle.flags");
  const undone = await undoMigrations(session, run, plan.schema.undo.expand);
  const applied = await migrate(session, run, plan, plan.schema.apply.contract);
  await failpoint("settle.schema");
  await proveSettled(session, run);
  const { ledger } = await environment.observe();
  const head = ledger.applied.at(-1)?.id ?? null;
  const probes = await provesAfter(session, run, { head, back: undone.length > 0 });
  await compareFingerprint(session, run, head, probes);
  await session.verified();
  await failpoint("settle.verified");
  environment.forget();
  const auditHead = (await environment.observe()).ledger.auditHead;
  return {
    release: run.manifest.version,
    schemaHead: head,
    stopped: plan.stop,
    archived,
    applied,
    undone,
    auditHead: auditHead === null ? "" : `${auditHead.seq}:${auditHead.hash}`,
  };
}

async function stopOthers(session: RunSession, run: OpenRun, plan: RunPlan): Promise<void> {
  const { environment } = session;
  const db = await runDatabase(environment);
  const { ledger } = await environment.observe();
  const wanted = new Set(plan.instances.map(({ id }) => id));
  // Rows without a process count too: a service that died is stopped in the ledger only.
  const others = new Set([
    ...plan.stop,
    ...ledger.instances.map(({ id }) => id).filter((id) => !wanted.has(id)),
  ]);
  await Promise.all(
    [...others].map(async (id) => {
      const left = await environment.target.drain(
        id,
        { deadlineMs: environment.settings.drainSeconds * 1000 },
        run.signal,
      );
      if (left > 0)
        environment.context.log("warning", `${id} still had ${left} requests when its drain time was over`);
      await environment.target.stop(id, { graceMs: STOP_GRACE_MS }, run.signal);
    }),
  );
  for (const id of others)
    await stopInstance(db, { token: run.token, run: run.id, actor: run.actor, instance: id });
  environment.forget();
}

// The invariants I1 and I2, asked of the world and the ledger and not of what was just done.
async function proveSettled(session: RunSession, run: OpenRun): Promise<void> {
  const plan = await freshPlan(session, run);
  const { undo, apply } = plan.schema;
  const missing = [...apply.expand, ...apply.contract];
  const extra = [...undo.expand, ...undo.contract];
  const broken = [
    ...(plan.start.length > 0 ? [`not running: ${plan.start.join(", ")}`] : []),
    ...(plan.stop.length > 0 ? [`still running: ${plan.stop.join(", ")}`] : []),
    ...(plan.shift ? ["traffic does not go to the pin"] : []),
    ...(missing.length > 0 ? [`migrations missing: ${missing.join(", ")}`] : []),
    ...(plan.flags.declare.length > 0 ? [`flags not declared: ${plan.flags.declare.join(", ")}`] : []),
    ...(plan.flags.archive.length > 0 ? [`flags too many: ${plan.flags.archive.join(", ")}`] : []),
    ...(extra.length > 0 ? [`migrations too many: ${extra.join(", ")}`] : []),
  ];
  if (broken.length === 0) return;
  throw new SlipwayError("INVARIANT_BROKEN", {
    what: `Release ${run.manifest.version} did not settle`,
    why: broken.join("; "),
  });
}

// I3: a head that was here before has to look as it looked then. A difference is shown, not hidden, but it
// cannot be mended by running again, so it does not fail the run.
async function compareFingerprint(
  session: RunSession,
  run: OpenRun,
  head: string | null,
  probes: readonly StoredProbe[],
): Promise<void> {
  const { environment } = session;
  const db = await environment.database();
  if (db === null || head === null) return;
  const { token, id, actor } = run;
  const live = await fingerprint(db);
  const { hash } = live;
  const known = await setFingerprints(db, { token, run: id, actor, head, hash });
  await keepHead(db, { token, migration: head, fingerprint: hash, objects: objectLines(live), probes });
  if (known !== null && known !== hash) {
    environment.context.log(
      "warning",
      `the schema at ${head} differs from what it was when ${head} was first settled: something changed it outside its migrations, or a rollback left something behind`,
    );
  }
}

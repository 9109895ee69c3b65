import type { MigrationPlan, RunPlan } from "@slipway/environment";
import { type MigrationView, renderMigration } from "./migration-view.ts";

/** The plan as JSON: what people are shown, for machines. Additive only. */
export interface PlanView {
  readonly release: string;
  readonly from: string | null;
  readonly direction: string;
  readonly change: boolean;
  readonly attempt: number;
  readonly reasons: readonly string[];
  readonly schema: { readonly apply: readonly string[]; readonly undo: readonly string[] };
  /** Keys of the flags that the run declares; those it archives are under settle. */
  readonly flags: readonly string[];
  readonly start: readonly string[];
  readonly keep: readonly string[];
  readonly shift: boolean;
  readonly settle: {
    readonly stop: readonly string[];
    /** Keys of flags. */
    readonly archive: readonly string[];
    readonly apply: readonly string[];
    readonly undo: readonly string[];
  };
  /** What each migration does and costs, in their order; absent where nobody looked. */
  readonly migrations?: readonly MigrationView[];
}

/** Reduces a plan to its view. */
export function planView(plan: RunPlan, migrations?: readonly MigrationPlan[]): PlanView {
  const leaving = plan.change && plan.direction !== "first";
  return {
    release: plan.release,
    from: plan.from,
    direction: plan.direction,
    change: plan.change,
    attempt: plan.attempt,
    reasons: plan.reasons,
    schema: { apply: plan.schema.apply.expand, undo: plan.schema.undo.contract },
    flags: plan.flags.declare,
    start: plan.start,
    keep: plan.instances.map(({ id }) => id).filter((id) => !plan.start.includes(id)),
    shift: plan.shift,
    settle: {
      stop: leaving || plan.stop.length > 0 ? plan.stop : [],
      archive: plan.flags.archive,
      apply: plan.schema.apply.contract,
      undo: plan.schema.undo.expand,
    },
    ...(migrations === undefined ? {} : { migrations }),
  };
}

/**
 * The plan for people: one line per thing that will happen, in the order in which it happens.
 * `+` comes, `-` goes, `=` stays, `~` moves.
 *
 * @param now milliseconds since 1970.
 */
export function renderPlan(environment: string, plan: PlanView, now = Date.now()): string {
  if (!plan.change) return `${environment} is at ${plan.release}: nothing to do`;
  const lines = [`${environment}: ${headline(plan)} (attempt ${plan.attempt})`];
  // Where the pin moved, everything else follows from that, and is listed below.
  if (plan.from === plan.release) for (const reason of plan.reasons) lines.push(`  because ${reason}`);
  const add = (step: string, sign: string, things: readonly string[]) => {
    for (const thing of things) lines.push(`  ${step.padEnd(8)} ${sign} ${thing}`);
  };
  const migrate = (step: string, sign: string, ids: readonly string[], note = "") => {
    for (const id of ids) {
      const view = plan.migrations?.find((migration) => migration.id === id);
      const told = view === undefined ? null : renderMigration(view, { name: environment, now });
      add(step, sign, [`${id}${note}${told === null ? "" : `: ${told.words}`}`]);
      for (const line of told?.details ?? []) lines.push(`               ${line}`);
    }
  };
  migrate("schema", "-", plan.schema.undo, " (rollback SQL)");
  migrate("schema", "+", plan.schema.apply);
  add("flag", "+", plan.flags);
  add("service", "+", plan.start);
  add("service", "=", plan.keep);
  add("smoke", "?", [`health, version and build of ${plan.release}`]);
  if (plan.shift) add("traffic", "~", [`100 % to ${plan.release}`]);
  add("settle", "-", plan.settle.stop);
  add(
    "settle",
    "-",
    plan.settle.archive.map((key) => `${key} (flag, archived)`),
  );
  migrate("settle", "-", plan.settle.undo, " (rollback SQL)");
  migrate("settle", "+", plan.settle.apply, " (contract)");
  return lines.join("\n");
}

function headline({ from, release, direction }: PlanView): string {
  if (from === null) return `${release}, the first release here`;
  if (from === release) return release;
  return `${from} -> ${release}${direction === "back" ? ", back" : ""}`;
}

import type { RunPlan } from "@slipway/environment";

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
}

/** Reduces a plan to its view. */
export function planView(plan: RunPlan): PlanView {
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
  };
}

/**
 * The plan for people: one line per thing that will happen, in the order in which it happens.
 * `+` comes, `-` goes, `=` stays, `~` moves.
 */
export function renderPlan(environment: string, plan: PlanView): string {
  if (!plan.change) return `${environment} is at ${plan.release}: nothing to do`;
  const lines = [`${environment}: ${headline(plan)} (attempt ${plan.attempt})`];
  // Where the pin moved, everything else follows from that, and is listed below.
  if (plan.from === plan.release) for (const reason of plan.reasons) lines.push(`  because ${reason}`);
  const add = (step: string, sign: string, things: readonly string[]) => {
    for (const thing of things) lines.push(`  ${step.padEnd(8)} ${sign} ${thing}`);
  };
  add(
    "schema",
    "-",
    plan.schema.undo.map((id) => `${id} (rollback SQL)`),
  );
  add("schema", "+", plan.schema.apply);
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
  add(
    "settle",
    "-",
    plan.settle.undo.map((id) => `${id} (rollback SQL)`),
  );
  add(
    "settle",
    "+",
    plan.settle.apply.map((id) => `${id} (contract)`),
  );
  return lines.join("\n");
}

function headline({ from, release, direction }: PlanView): string {
  if (from === null) return `${release}, the first release here`;
  if (from === release) return release;
  return `${from} -> ${release}${direction === "back" ? ", back" : ""}`;
}

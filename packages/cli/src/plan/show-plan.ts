import { planMigrations } from "@slipway/environment";
import { renderError } from "@slipway/kernel";
import type { CliContext } from "../cli-context.ts";
import { exitCodes } from "../exit-codes.ts";
import { type CommonFlags, envFlag } from "../flags.ts";
import type { Opened } from "../project.ts";
import { errorView } from "../report-error.ts";
import { planUp } from "../up/up.ts";
import { type Estimates, estimatesFrom } from "./estimates-from.ts";
import { planView, renderPlan } from "./plan-view.ts";

/** What shows a plan and changes nothing can be told. */
export interface PlanFlags extends CommonFlags {
  readonly estimateFrom?: string;
}

/** `--estimate-from staging`. */
export const estimateFromFlag = {
  kind: "parsed",
  parse: String,
  optional: true,
  placeholder: "env|file",
  brief: "An environment or a durations file",
} as const;

/** `--env NAME`, in fewer words: beside a flag with a long name the help would be too wide. */
export const planEnvFlag = { ...envFlag, brief: "Default: SLIPWAY_ENV, or dev" } as const;

/** Shows what bringing an environment to a release would do, with every refusal, and changes nothing. */
export async function showPlan(
  context: CliContext,
  opened: Opened,
  flags: PlanFlags,
  release: string,
): Promise<void> {
  const { name, environment } = opened;
  const elsewhere: Estimates | null =
    flags.estimateFrom === undefined ? null : await estimatesFrom(context, opened, flags.estimateFrom);
  const { pins, first } = await planUp(environment, release);
  const view = planView(
    first.plan,
    await planMigrations(environment, first.manifest, first.plan, elsewhere?.sources),
  );
  const refusals = first.refusals.map(errorView);
  const text = [
    renderPlan(name, view),
    ...(pins.length > 1 ? [`  in ${pins.length} steps: ${pins.join(", ")}`] : []),
    ...(elsewhere?.problem == null
      ? []
      : [`  no estimates from ${flags.estimateFrom}: ${elsewhere.problem}`]),
    ...first.refusals.map(renderError),
  ];
  const estimates =
    elsewhere === null ? {} : { estimates: { from: flags.estimateFrom, problem: elsewhere.problem } };
  context.result(
    flags.output,
    { environment: name, pins, plan: view, refusals, ...estimates },
    text.join("\n"),
  );
  if (refusals.length > 0) context.exit(exitCodes.refused);
}

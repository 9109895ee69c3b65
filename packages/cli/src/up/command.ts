import { readPin, setPin } from "@slipway/release";
import { buildCommand } from "@stricli/core";
import { type CliContext, reportError } from "../cli-context.ts";
import { confirm } from "../confirm.ts";
import { exitCodes } from "../exit-codes.ts";
import { type CommonFlags, envFlag, outputFlag, reasonFlag, yesFlag } from "../flags.ts";
import { planView, renderPlan } from "../plan/plan-view.ts";
import { findProject, openProject, readEnvironment, stackFile } from "../project.ts";
import { findPulumi } from "../pulumi/update-stack.ts";
import { afterFailure, exitCodeOf } from "./finish-up.ts";
import { outcomeView, renderOutcome } from "./render-up.ts";
import { planUp, runUp, type UpOutcome } from "./up.ts";

interface UpFlags extends CommonFlags {
  readonly yes: boolean;
  readonly reason?: string;
}

export const upCommand = buildCommand<UpFlags, [], CliContext>({
  docs: {
    brief: "Bring an environment to its pinned release, forward or back",
    fullDescription: [
      "Shows the plan, asks, and runs `pulumi up`: migrations, services, smoke test, traffic, settle.",
      "A release that fails is rolled back to the last one that passed, unless slipway:onFailure says otherwise.",
      "",
      "Examples:",
      "  slipway up                              bring dev to its pin, asking first",
      "  slipway up --env production --yes       the same in a pipeline",
      "  slipway pin dev 1.1.0 && slipway up     release 1.1.0 to dev",
      "",
      "Exit codes: 0 done, 1 failed and undone, 2 refused, 3 rolled back, 4 needs a person, 64 usage.",
    ].join("\n"),
  },
  parameters: { flags: { env: envFlag, yes: yesFlag, reason: reasonFlag, output: outputFlag } },
  async func(flags) {
    try {
      await upEnvironment(this, flags);
    } catch (error) {
      reportError(this, flags.output, error);
    }
  },
});

/**
 * `slipway up` as a function of its flags; `rollback` calls it too.
 *
 * @param release what to bring the environment to, when it is not the present pin. It is pinned once nothing
 *   stands in its way: a refusal leaves the stack file as it was.
 */
export async function upEnvironment(
  context: CliContext,
  { env, yes, output, reason }: UpFlags,
  release?: string,
): Promise<UpOutcome | null> {
  const project = findProject(context.process.cwd);
  const file = stackFile(project, env);
  const { settings } = readEnvironment(project, env);
  const environment = openProject(context, project, settings);
  let pins: string[];
  try {
    const planned = await planUp(environment, release ?? readPin(file));
    pins = planned.pins;
    const { plan, refusals } = planned.first;
    const view = planView(plan);
    context.event(output, { event: "plan", environment: env, pins, plan: view });
    context.progress(renderPlan(env, view));
    if (pins.length > 1) context.progress(`  in ${pins.length} steps: ${pins.join(", ")}`);
    const [refusal] = refusals;
    if (refusal !== undefined) throw refusal;
    if (!plan.change && pins.length === 1) {
      const outcome = { kind: "nothing", release: plan.release } as const;
      setPin(file, plan.release);
      context.result(output, outcomeView(env, outcome), renderOutcome(context, env, null, outcome));
      return outcome;
    }
  } finally {
    await environment.close();
  }
  if (!(await confirm(context, `Go ahead on ${env}?`, yes))) {
    context.progress("nothing was changed");
    context.exit(exitCodes.refused);
    return null;
  }
  if (reason !== undefined)
    context = {
      ...context,
      process: { ...context.process, env: { ...context.process.env, SLIPWAY_REASON: reason } },
    };
  const pulumi = await findPulumi(context);
  let outcome = await runUp(context, pulumi, project, env, pins);
  if (outcome.kind === "failed") outcome = await afterFailure(context, pulumi, project, env, outcome);
  const url = `http://127.0.0.1:${settings.port}`;
  context.result(output, outcomeView(env, outcome), renderOutcome(context, env, url, outcome));
  context.exit(await exitCodeOf(context, project, env, outcome));
  return outcome;
}

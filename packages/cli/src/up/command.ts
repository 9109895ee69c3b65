import { planMigrations } from "@slipway/environment";
import { readPin, setPin } from "@slipway/release";
import { buildCommand } from "@stricli/core";
import type { CliContext } from "../cli-context.ts";
import { confirm } from "../confirm.ts";
import { environmentName } from "../environment-name.ts";
import { exitCodes } from "../exit-codes.ts";
import { type CommonFlags, envFlag, envWord, outputFlag, reasonFlag, yesFlag } from "../flags.ts";
import { planView, renderPlan } from "../plan/plan-view.ts";
import { findProject, stackFile, withEnvironment } from "../project.ts";
import { findPulumi } from "../pulumi/update-stack.ts";
import { verb } from "../verb.ts";
import { readFacts } from "./facts.ts";
import { afterFailure, exitCodeOf } from "./finish-up.ts";
import { renderUp, upView } from "./render-up.ts";
import { planUp, runUp, type UpOutcome } from "./up.ts";

/** The flags of `up` and `rollback`. */
export interface UpFlags extends CommonFlags {
  readonly yes?: boolean;
  readonly reason?: string;
}

export const upCommand = buildCommand<UpFlags, [string?], CliContext>({
  docs: {
    customUsage: ["[flags] [<env>]"],
    brief: "Bring an environment to its pinned release, forward or back",
    fullDescription: [
      "Shows the plan, asks, and runs `pulumi up`: migrations, services, smoke test, traffic, settle.",
      "A release that fails is rolled back to the last one that passed, unless slipway:onFailure says",
      "otherwise. At the end it prints what a later look can be compared with: the served release, the",
      "schema's head and the audit's head.",
      "",
      "Examples:",
      "  slipway up                              bring dev to its pin, asking first",
      "  slipway up production --yes             the same in a pipeline",
      "  slipway pin dev 1.1.0 && slipway up     release 1.1.0 to dev",
      "",
      "Exit codes: 0 done, 1 failed and undone, 2 refused, 3 rolled back, 4 needs a person, 64 usage.",
    ].join("\n"),
  },
  parameters: {
    positional: envWord,
    flags: { env: envFlag, yes: yesFlag, reason: reasonFlag, output: outputFlag },
  },
  func: verb(async (context, flags: UpFlags, word?: string) => {
    await upEnvironment(context, environmentName(context.process.env, flags, word), flags);
  }),
});

/**
 * `slipway up` as a function of its flags; `rollback` calls it too.
 *
 * @param release what to bring the environment to, when it is not the present pin. It is pinned once nothing
 *   stands in its way: a refusal leaves the stack file as it was.
 */
export async function upEnvironment(
  context: CliContext,
  name: string,
  { yes = false, output, reason }: UpFlags,
  release?: string,
): Promise<void> {
  const { pins, before } = await showPlan(context, name, output, release);
  const end = async (outcome: UpOutcome) => {
    const ended = { environment: name, outcome, before, facts: await readFacts(context, name) };
    context.result(output, upView(ended), renderUp(context, ended));
  };
  if (pins.length === 0) return await end({ kind: "nothing", release: pinOf(context, name) });
  if (!(await confirm(context, `Go ahead on ${name}?`, yes))) {
    context.progress("nothing was changed");
    return context.exit(exitCodes.refused);
  }
  const stackRun = {
    context: reason === undefined ? context : withReason(context, reason),
    pulumi: await findPulumi(context),
    project: findProject(context.process.cwd),
    name,
    output,
  };
  const ran = await runUp(stackRun, pins);
  const outcome = ran.kind === "failed" ? await afterFailure(stackRun, ran) : ran;
  await end(outcome);
  context.exit(await exitCodeOf(stackRun, outcome));
}

/**
 * Plans and shows what will be done.
 *
 * @returns the pins to go through, none when there is nothing to do, and the release that passed here before.
 * @throws {SlipwayError} the first refusal.
 */
function showPlan(context: CliContext, name: string, output: UpFlags["output"], release?: string) {
  return withEnvironment(context, name, async ({ project, environment }) => {
    const file = stackFile(project, name);
    const { pins, first } = await planUp(environment, release ?? readPin(file));
    const { ledger } = await environment.observe();
    const before = ledger.verified?.release ?? null;
    const view = planView(first.plan, await planMigrations(environment, first.manifest, first.plan));
    context.event(output, { event: "plan", environment: name, pins, plan: view });
    if (!view.change && pins.length === 1) {
      setPin(file, view.release);
      return { pins: [], before };
    }
    context.progress(renderPlan(name, view));
    if (pins.length > 1) context.progress(`  in ${pins.length} steps: ${pins.join(", ")}`);
    const [refusal] = first.refusals;
    if (refusal !== undefined) throw refusal;
    return { pins, before };
  });
}

const pinOf = (context: CliContext, name: string): string =>
  readPin(stackFile(findProject(context.process.cwd), name));

const withReason = (context: CliContext, reason: string): CliContext => ({
  ...context,
  process: { ...context.process, env: { ...context.process.env, SLIPWAY_REASON: reason } },
});

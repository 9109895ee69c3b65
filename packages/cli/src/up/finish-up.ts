import { isSlipwayError, SlipwayError } from "@slipway/kernel";
import { type ExitCode, exitCodes } from "../exit-codes.ts";
import { killFlagsAfterFailure } from "../flag/kill-after-failure.ts";
import { readEnvironment, withEnvironment } from "../project.ts";
import type { StackRun } from "../pulumi/update-stack.ts";
import { runUp, type UpOutcome } from "./up.ts";

/**
 * Does what the stack's `onFailure` says after a failed run. `rollback` pins the last verified release
 * and runs again: once, never a rollback of a rollback. Rollback SQL that fails is left to a person. `flag-off`
 * kills the flags that the failed release brought, and leaves everything else to a person.
 */
export async function afterFailure(
  stackRun: StackRun,
  outcome: UpOutcome & { kind: "failed" },
): Promise<UpOutcome> {
  const { context, project, name } = stackRun;
  const { onFailure = "rollback" } = readEnvironment(project, name).config;
  if (onFailure === "flag-off" && outcome.changed) return await flagsOff(stackRun, outcome);
  const to = onFailure === "rollback" ? whereToGoBack(outcome) : null;
  if (to === null || context.signal.aborted) return outcome;
  context.progress(`${context.style("red", "failed")} ${outcome.error.code}: ${outcome.error.message}`);
  context.progress(`${context.style("yellow", "rolling back")} to ${to}, the last release that passed here`);
  const back = await runUp(stackRun, [to]);
  if (back.kind === "done")
    return { kind: "rolled-back", release: outcome.release, to, error: outcome.error, seconds: back.seconds };
  return back.kind === "failed"
    ? { ...back, release: outcome.release, changed: true, error: stuck(outcome, to, back.error) }
    : outcome;
}

const stuck = ({ release, error }: UpOutcome & { kind: "failed" }, to: string, back: SlipwayError) =>
  new SlipwayError(back.code, {
    what: `Cannot go back to ${to} after ${release} failed with ${error.code}`,
    why: back.message,
    todo: back.todo,
    cause: back,
  });

function whereToGoBack({ changed, served, release, error }: UpOutcome & { kind: "failed" }): string | null {
  // Somebody wanted to be rid of the newer release: bringing it back because its rollback SQL failed is not theirs to want.
  if (error.code === "SCHEMA_REVERT_FAILED") return null;
  return !changed || served === release ? null : served;
}

async function flagsOff(
  { context, name }: StackRun,
  outcome: UpOutcome & { kind: "failed" },
): Promise<UpOutcome> {
  const { release, error } = outcome;
  try {
    const flagsOff = await killFlagsAfterFailure(context, name, release, error.code);
    return { ...outcome, flagsOff };
  } catch (failure) {
    if (!isSlipwayError(failure)) throw failure;
    // The run's own error is what is told in the end; this one says what is still to be done.
    context.progress(`${context.style("red", "failed")} to kill the flags of ${release}: ${failure.message}`);
    return outcome;
  }
}

/** The exit code of an outcome. */
export async function exitCodeOf({ context, name }: StackRun, outcome: UpOutcome): Promise<ExitCode> {
  switch (outcome.kind) {
    case "nothing":
    case "done":
      return exitCodes.done;
    case "rolled-back":
      return exitCodes.rolledBack;
    case "failed":
      if (!outcome.changed) return outcome.error.refusal ? exitCodes.refused : exitCodes.failed;
      // After a failed run that opened, nothing is left to do only if the ledger says that all is as verified.
      return await withEnvironment(context, name, async ({ environment }) => {
        const { verified, wanted } = (await environment.observe()).ledger;
        const settled = verified !== null && wanted?.attempt === verified.attempt;
        return settled ? exitCodes.failed : exitCodes.needsPerson;
      });
  }
}

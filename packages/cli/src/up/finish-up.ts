import { compareReleases } from "@slipway/release";
import type { CliContext } from "../cli-context.ts";
import { type ExitCode, exitCodes } from "../exit-codes.ts";
import { openProject, type Project, readEnvironment } from "../project.ts";
import type { Pulumi } from "../pulumi/update-stack.ts";
import { runUp, type UpOutcome } from "./up.ts";

/**
 * Does what the stack's `onFailure` says after a failed run. `rollback` pins the last verified release
 * and runs again: once, never a rollback of a rollback.
 */
export async function afterFailure(
  context: CliContext,
  pulumi: Pulumi,
  project: Project,
  name: string,
  outcome: UpOutcome & { kind: "failed" },
): Promise<UpOutcome> {
  const { config } = readEnvironment(project, name);
  const to = outcome.served;
  if ((config.onFailure ?? "rollback") !== "rollback" || !outcome.changed || context.signal.aborted)
    return outcome;
  if (to === null || to === outcome.release) return outcome;
  context.progress(`${context.style("red", "failed")} ${outcome.error.message}`);
  context.progress(`${context.style("yellow", "rolling back")} to ${to}, the last release that passed here`);
  const back = await runUp(context, pulumi, project, name, [to]);
  if (back.kind === "done")
    return { kind: "rolled-back", release: outcome.release, to, error: outcome.error, seconds: back.seconds };
  return back.kind === "failed" ? { ...back, release: outcome.release, error: back.error } : outcome;
}

/** The exit code of an outcome. */
export async function exitCodeOf(
  context: CliContext,
  project: Project,
  name: string,
  outcome: UpOutcome,
): Promise<ExitCode> {
  switch (outcome.kind) {
    case "nothing":
    case "done":
      return exitCodes.done;
    case "rolled-back":
      return exitCodes.rolledBack;
    case "failed":
      if (!outcome.changed) return outcome.error.refusal ? exitCodes.refused : exitCodes.failed;
      return (await settledElsewhere(context, project, name)) ? exitCodes.failed : exitCodes.needsPerson;
  }
}

// After a failed run that opened, nothing is left to do only if the ledger says that all is as verified.
async function settledElsewhere(context: CliContext, project: Project, name: string): Promise<boolean> {
  const environment = openProject(context, project, readEnvironment(project, name).settings);
  try {
    const { ledger } = await environment.observe();
    return ledger.verified !== null && ledger.wanted?.attempt === ledger.verified.attempt;
  } finally {
    await environment.close();
  }
}

/** The releases of a list, newest version first. */
export function newestFirst<T extends { readonly version: string }>(releases: readonly T[]): T[] {
  return [...releases].sort((a, b) => compareReleases(b.version, a.version));
}

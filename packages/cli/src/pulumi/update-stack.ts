import { dirname } from "node:path";
import type { SlipwayError } from "@slipway/kernel";
import type { LedgerSnapshot } from "@slipway/ledger";
import type { PulumiCli } from "@slipway/toolchain";
import { ensurePulumi } from "@slipway/toolchain";
import type { CliContext } from "../cli-context.ts";
import { openProject, type Project, readEnvironment } from "../project.ts";
import { cancel, destroy, selectStack, up } from "./pulumi-commands.ts";
import { pulumiError } from "./pulumi-error.ts";
import { pulumiVariables } from "./pulumi-variables.ts";
import { type PulumiEvent, type PulumiResult, runPulumi } from "./run-pulumi.ts";
import { isLockOfDeadRun, parseStackLock } from "./stack-lock.ts";

/** The Pulumi command that this machine has. */
export type Pulumi = PulumiCli;

/** How an update ended; `changed` says whether a run was opened, so that something may have been changed. */
export interface UpdateResult {
  readonly error: SlipwayError | null;
  readonly changed: boolean;
}

/** Finds Pulumi, or gets it; says so when that takes time. */
export function findPulumi(context: CliContext): Promise<Pulumi> {
  return ensurePulumi({ onProgress: (line: string) => context.progress(line), signal: context.signal });
}

/** Runs `pulumi up` on an environment's stack, with one line of progress per step. */
export async function updateStack(
  context: CliContext,
  pulumi: Pulumi,
  project: Project,
  name: string,
): Promise<UpdateResult> {
  const before = await lastRun(context, project, name);
  let result = await runStack(context, pulumi, project, up(name));
  if (
    result.exitCode !== 0 &&
    /no stack named|no previous deployment|stack .* not found/i.test(result.stderr + result.errors.join("\n"))
  ) {
    await run(context, pulumi, project, selectStack(name));
    result = await runStack(context, pulumi, project, up(name));
  }
  const lock = result.exitCode === 0 ? null : parseStackLock([...result.errors, result.stderr].join("\n"));
  if (lock !== null && (await look(context, project, name, (ledger) => isLockOfDeadRun(lock, ledger)))) {
    context.progress("the stack is locked by a run that is gone: taking its lock away");
    await run(context, pulumi, project, cancel(name));
    result = await runStack(context, pulumi, project, up(name));
  }
  const after = await lastRun(context, project, name);
  return {
    error: result.exitCode === 0 ? null : pulumiError(result.errors, result.stderr),
    changed: before !== after,
  };
}

/** Runs `pulumi destroy`: services stop, the database stays. */
export async function destroyStack(
  context: CliContext,
  pulumi: Pulumi,
  project: Project,
  name: string,
): Promise<SlipwayError | null> {
  const result = await runStack(context, pulumi, project, destroy(name));
  return result.exitCode === 0 ? null : pulumiError(result.errors, result.stderr);
}

const SMOKE = "smoke";

/** A line of progress for an event, or null for what people need not see. */
export function progressLine(event: PulumiEvent, started: Map<string, number>, now: number): string | null {
  if (event.kind === "start") {
    started.set(event.resource, now);
    return null;
  }
  if (event.kind === "done") {
    const since = started.get(event.resource);
    if (since === undefined) return null;
    return `  ${event.resource.padEnd(10)} ${event.operation === "delete" ? "stopped" : "ok"}  ${((now - since) / 1000).toFixed(1)} s`;
  }
  if (event.severity === "error") return null;
  if (event.severity === "warning") return `  warning: ${event.text}`;
  return event.resource === null
    ? null
    : `  ${event.resource.padEnd(10)} ${event.text.trim().replaceAll("\n", `\n  ${" ".repeat(11)}`)}`;
}

function runStack(
  context: CliContext,
  pulumi: Pulumi,
  project: Project,
  args: string[],
): Promise<PulumiResult> {
  const started = new Map<string, number>();
  let checks: string[] = [];
  return run(context, pulumi, project, args, (event) => {
    const line = progressLine(event, started, performance.now());
    if (event.resource === SMOKE && event.kind === "message") {
      if (event.severity === "error") for (const check of checks) context.progress(check);
      if (line !== null) checks.push(line);
      return;
    }
    if (event.resource === SMOKE && event.kind === "done") {
      // A pass is said in one sentence; each check is of interest only when one has failed.
      for (const check of checks.filter((text) => / passed \d+ of \d+ /.test(text))) context.progress(check);
      checks = [];
    }
    if (line !== null) context.progress(line);
  });
}

function run(
  context: CliContext,
  pulumi: Pulumi,
  project: Project,
  args: string[],
  onEvent?: (event: PulumiEvent) => void,
) {
  const env = pulumiVariables(context.process.env, {
    binFolder: pulumi.binFolder,
    nodeFolder: dirname(process.execPath),
  });
  return runPulumi(args, {
    binary: pulumi.binary,
    cwd: project.stacks,
    env,
    signal: context.signal,
    ...(onEvent ? { onEvent } : {}),
  });
}

async function lastRun(context: CliContext, project: Project, name: string): Promise<number | null> {
  return await look(context, project, name, ({ run }) => run?.id ?? null);
}

async function look<T>(
  context: CliContext,
  project: Project,
  name: string,
  read: (ledger: LedgerSnapshot) => T,
): Promise<T> {
  const environment = openProject(context, project, readEnvironment(project, name).settings);
  try {
    return read((await environment.observe()).ledger);
  } finally {
    await environment.close();
  }
}

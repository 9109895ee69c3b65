import { dirname } from "node:path";
import { SlipwayError } from "@slipway/kernel";
import type { LedgerSnapshot } from "@slipway/ledger";
import type { PulumiCli } from "@slipway/toolchain";
import { ensurePulumi } from "@slipway/toolchain";
import type { CliContext, OutputFormat } from "../cli-context.ts";
import { type Project, withEnvironment } from "../project.ts";
import { progressView, type Told } from "./progress-view.ts";
import { cancel, selectStack, up } from "./pulumi-commands.ts";
import { pulumiError } from "./pulumi-error.ts";
import { pulumiVariables } from "./pulumi-variables.ts";
import { type PulumiResult, type PulumiRun, runPulumi } from "./run-pulumi.ts";
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

/** What a run on a stack needs. */
export interface StackRun {
  readonly context: CliContext;
  readonly pulumi: Pulumi;
  readonly project: Project;
  /** The environment. */
  readonly name: string;
  readonly output: OutputFormat;
}

/**
 * Runs `pulumi up` on an environment's stack, with one line of progress per step.
 *
 * @param begin called in the moment in which Pulumi is started, and not where an interruption came before that.
 */
export async function updateStack(stackRun: StackRun, begin: () => void): Promise<UpdateResult> {
  const { context, name } = stackRun;
  const before = await look(stackRun, ({ run }) => run);
  context.signal.throwIfAborted();
  begin();
  let result = await runStack(stackRun, up(name));
  if (result.exitCode !== 0 && isUnknownStack(result)) {
    await run(stackRun, selectStack(name));
    result = await runStack(stackRun, up(name));
  }
  const lock = result.exitCode === 0 ? null : parseStackLock([...result.errors, result.stderr].join("\n"));
  if (lock !== null && (await look(stackRun, (ledger) => isLockOfDeadRun(lock, ledger)))) {
    context.progress("the stack is locked by a run that is gone: taking its lock away");
    await run(stackRun, cancel(name));
    result = await runStack(stackRun, up(name));
  }
  const after = await look(stackRun, ({ run }) => run);
  const changed = before?.id !== after?.id;
  if (result.exitCode === 0) return { error: null, changed };
  const error = pulumiError(result.errors, result.stderr);
  if (!context.signal.aborted) return { error, changed };
  // A run is what the ledger shows: it may have passed before the interruption came through to it.
  return { error: changed && after?.outcome === "verified" ? null : interrupted(error), changed };
}

// A cancelled step says that it was cancelled, or fails for it; what Slipway's own steps say is kept.
function interrupted(error: SlipwayError): SlipwayError {
  if (error.code !== "PULUMI_FAILED" && error.code !== "SMOKE_FAILED") return error;
  return new SlipwayError("INTERRUPTED", { what: "The run was interrupted", cause: error });
}

/** Runs a Pulumi command that prints one thing, and gives that; null when there is no such stack or output. */
export async function readPulumi(
  context: CliContext,
  pulumi: Pulumi,
  project: Project,
  args: string[],
): Promise<string | null> {
  const lines: string[] = [];
  const result = await run({ context, pulumi, project }, args, { onLine: (line) => lines.push(line) });
  if (result.exitCode === 0) return lines.join("\n").trim();
  if (isUnknownStack(result) || /does not have output property/.test(result.stderr)) return null;
  throw pulumiError(result.errors, result.stderr);
}

const isUnknownStack = ({ stderr, errors }: PulumiResult): boolean =>
  /no stack named|no previous deployment|stack .* not found/i.test(stderr + errors.join("\n"));

async function runStack(pulumiRun: StackRun, args: string[]): Promise<PulumiResult> {
  const { context, output } = pulumiRun;
  const view = progressView();
  const tell = (told: readonly Told[]) => {
    for (const { line, data } of told) {
      context.progress(line);
      context.event(output, data);
    }
  };
  context.signal.throwIfAborted();
  const stopping = () => context.progress("stopping: the step that is under way is finished or undone first");
  context.signal.addEventListener("abort", stopping, { once: true });
  try {
    return await run(pulumiRun, args, { onEvent: (event) => tell(view.on(event, performance.now())) });
  } finally {
    context.signal.removeEventListener("abort", stopping);
    tell(view.end());
  }
}

function run(
  { context, pulumi, project }: Pick<StackRun, "context" | "pulumi" | "project">,
  args: string[],
  listeners: Pick<PulumiRun, "onEvent" | "onLine"> = {},
): Promise<PulumiResult> {
  const env = pulumiVariables(context.process.env, {
    binFolder: pulumi.binFolder,
    nodeFolder: dirname(process.execPath),
  });
  return runPulumi(args, {
    binary: pulumi.binary,
    cwd: project.stacks,
    env,
    signal: context.signal,
    ...listeners,
  });
}

async function look<T>({ context, name }: StackRun, read: (ledger: LedgerSnapshot) => T): Promise<T> {
  return withEnvironment(context, name, async ({ environment }) =>
    read((await environment.observe()).ledger),
  );
}

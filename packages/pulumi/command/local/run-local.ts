import { statSync } from "node:fs";
import { resolve } from "node:path";
import { createRunOutput } from "../output/run-output.ts";
import { givenVariables } from "../resources/given-variables.ts";
import type { CommandResult, CommandRun, Operation } from "../resources/operation.ts";
import { reveal } from "../wire/property-value.ts";
import { awaitGroup, failureOf } from "./await-group.ts";
import { ambientEnvironment } from "./child-environment.ts";
import { collectFiles } from "./collect-files.ts";
import { startGroup } from "./process-group.ts";

interface LocalInputs {
  readonly interpreter?: readonly string[];
  readonly dir?: string;
  readonly assetPaths?: readonly string[];
  readonly archivePaths?: readonly string[];
}

const SHELL = ["/bin/sh", "-c"];

/** Runs a command on this machine, in a process group of its own. */
export async function runLocal(run: CommandRun, operation: Operation): Promise<CommandResult> {
  const { interpreter = [], dir, assetPaths, archivePaths } = reveal(run.inputs) as LocalInputs;
  const argv = [...(interpreter.length > 0 ? interpreter : SHELL), run.command];
  const cwd = workingFolder(dir);
  const env = { ...ambientEnvironment(process.env), ...(await givenVariables(run, argv, operation)) };
  const output = createRunOutput(run, operation);
  let failure: string | undefined;
  try {
    const child = startGroup(argv, { cwd, env, stdin: run.stdin ? "pipe" : "ignore" });
    const exit = awaitGroup(child, { signal: operation.signal, onOutput: output.take });
    child.stdin?.end(run.stdin);
    failure = failureOf(await exit);
  } catch (error) {
    failure = notStarted(argv[0] ?? "", error as NodeJS.ErrnoException);
  } finally {
    await output.end();
  }
  if (failure !== undefined) throw output.failure(failure);
  return {
    stdout: output.text("stdout"),
    stderr: output.text("stderr"),
    ...(await collectFiles(dir ?? cwd, { assetPaths, archivePaths })),
  };
}

function workingFolder(dir: string | undefined): string {
  const folder = resolve(dir ?? ".");
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return folder;
  throw new Error(`Cannot run in ${JSON.stringify(dir)}: there is no such folder (from ${process.cwd()})`);
}

function notStarted(program: string, error: NodeJS.ErrnoException): string {
  const reasons: Record<string, string> = {
    ENOENT: "there is no such program",
    EACCES: "it may not be executed",
    E2BIG: "its arguments and variables together are longer than the system takes",
  };
  return `cannot start ${JSON.stringify(program)}: ${reasons[error.code ?? ""] ?? error.code ?? "unknown error"}`;
}

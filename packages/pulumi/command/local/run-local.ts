import { statSync } from "node:fs";
import { resolve } from "node:path";
import { captureOutput } from "../output/captured-output.ts";
import { failureMessage } from "../output/failure-message.ts";
import { createOutputLog, statusLines } from "../output/output-log.ts";
import type { CommandResult, CommandRun, Operation } from "../resources/operation.ts";
import { reveal } from "../wire/property-value.ts";
import { awaitGroup, failureOf } from "./await-group.ts";
import { ambientEnvironment, commandVariables, LONGEST_STRING } from "./child-environment.ts";
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
  const { variables, tooLong } = commandVariables(run.environment, run.previous);
  for (const name of tooLong) {
    await operation.log.log(
      "warning",
      `${name} is not set: the output of the last run is over 128 KiB`,
      operation,
    );
  }
  refuseUnfit(argv, variables);

  const shown = createOutputLog({
    ...run,
    redact: operation.redact,
    send: statusLines(operation.log, operation.urn),
  });
  const output = captureOutput();
  const failed = (how: string) =>
    new Error(
      failureMessage({
        how,
        command: run.command,
        secretive: run.secretive,
        output: operation.redact(output.interleaved(shown.shows)),
        hidden: !shown.shows("stdout") || !shown.shows("stderr"),
      }),
    );

  let failure: string | undefined;
  try {
    const child = startGroup(argv, {
      cwd,
      env: { ...ambientEnvironment(process.env), ...variables },
      stdin: run.stdin ? "pipe" : "ignore",
    });
    const ended = awaitGroup(child, {
      signal: operation.signal,
      onOutput: (stream, chunk) => {
        output.add(stream, chunk);
        shown.write(stream, chunk);
      },
    });
    child.stdin?.end(run.stdin);
    failure = failureOf(await ended);
  } catch (error) {
    failure = notStarted(argv[0] ?? "", error as NodeJS.ErrnoException);
  } finally {
    await shown.end();
  }
  if (failure !== undefined) throw failed(failure);
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

/** What the system would refuse with a message that names the value, or not name at all. */
function refuseUnfit(argv: readonly string[], variables: Readonly<Record<string, string>>): void {
  const longest = Math.max(...argv.map((argument) => Buffer.byteLength(argument)));
  if (longest > LONGEST_STRING) {
    throw new Error(
      `Cannot run a command of ${longest} bytes: the system takes ${LONGEST_STRING}. Put it into a file, or pass it as stdin`,
    );
  }
  if (argv.some((argument) => argument.includes("\0")))
    throw new Error("Cannot run a command that holds a zero character");
  for (const [name, value] of Object.entries(variables)) {
    const bytes = Buffer.byteLength(`${name}=${value}`);
    if (value.includes("\0")) throw new Error(`Cannot set ${name}: it holds a zero character`);
    if (bytes > LONGEST_STRING)
      throw new Error(`Cannot set ${name}: ${bytes} bytes, and the system takes ${LONGEST_STRING}`);
  }
}

function notStarted(program: string, error: NodeJS.ErrnoException): string {
  const reasons: Record<string, string> = {
    ENOENT: "there is no such program",
    EACCES: "it may not be executed",
    E2BIG: "its arguments and variables together are longer than the system takes",
  };
  return `cannot start ${JSON.stringify(program)}: ${reasons[error.code ?? ""] ?? error.code ?? "unknown error"}`;
}

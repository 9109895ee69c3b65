import type { Logging } from "../output/output-log.ts";
import { containsSecret, type Properties, reveal, secret } from "../wire/property-value.ts";
import type { CommandResult, CommandRun } from "./operation.ts";

/** The inputs that reach the process of a command, and so its output. */
const reachesProcess = ["create", "update", "command", "stdin", "environment", "interpreter", "dir"] as const;

/** Whether what a command writes may hold a secret that it was given. */
export function derivesFromSecrets(inputs: Properties): boolean {
  return reachesProcess.some((name) => containsSecret(inputs[name]));
}

/**
 * Opens inputs for use.
 *
 * @param text the command, as the inputs hold it.
 * @param state the resource's last state, whose output the command is given unless `addPreviousOutputInEnv` is false.
 */
export function openRun(text: unknown, inputs: Properties, state?: Properties): CommandRun {
  const opened = reveal({ ...inputs, command: text }) as {
    command: string;
    environment?: Record<string, string>;
    stdin?: string;
    logging?: Logging;
    addPreviousOutputInEnv?: boolean;
  };
  const given = state !== undefined && opened.addPreviousOutputInEnv !== false;
  const previous = given ? reveal({ stdout: state.stdout ?? "", stderr: state.stderr ?? "" }) : undefined;
  return {
    command: opened.command,
    inputs,
    environment: opened.environment ?? {},
    stdin: opened.stdin,
    logging: opened.logging,
    // An output that is stored as a secret shows that the program's author declared it one.
    secretive:
      containsSecret(text) || derivesFromSecrets(inputs) || containsSecret([state?.stdout, state?.stderr]),
    previous: previous as CommandRun["previous"],
  };
}

/** The state of a command: its inputs, and what it wrote, secret when it derives from secrets. */
export function stateOf(inputs: Properties, result: CommandResult): Properties {
  const mark = (value: string) => (derivesFromSecrets(inputs) ? secret(value) : value);
  return { ...inputs, ...result, stdout: mark(result.stdout), stderr: mark(result.stderr) };
}

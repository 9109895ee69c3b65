import { commandVariables } from "../local/child-environment.ts";
import { refuseUnfit } from "../local/refuse-unfit.ts";
import type { CommandRun, Operation } from "./operation.ts";

/**
 * The variables that a command is given, wherever it runs. Output of the last run that is too long for the system
 * is left out with a warning.
 *
 * @param argv the arguments that the command becomes.
 * @throws for a command or a variable that the system cannot take.
 */
export async function givenVariables(
  run: CommandRun,
  argv: readonly string[],
  operation: Operation,
): Promise<Record<string, string>> {
  const { variables, tooLong } = commandVariables(run.environment, run.previous);
  refuseUnfit(argv, variables);
  for (const name of tooLong) {
    const message = `${name} is not set: the output of the last run is longer than 128 KiB`;
    await operation.log.log("warning", message, { urn: operation.urn });
  }
  return variables;
}

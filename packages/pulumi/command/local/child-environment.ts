/** Linux takes no argument and no variable that is longer (with its name) than 128 KiB, the closing zero included. */
export const LONGEST_STRING = 128 * 1024 - 1;

/** Reserved for Pulumi itself: whoever has it can read every secret of the stack. */
const withheld = ["PULUMI_CONFIG_PASSPHRASE", "PULUMI_CONFIG_PASSPHRASE_FILE"];

/** Outputs of the last run, which the next one is given. */
export interface PreviousOutput {
  readonly stdout: string;
  readonly stderr: string;
}

export interface EnvironmentPlan {
  readonly variables: Record<string, string>;
  /** Variables that are too long for the system and were left out. */
  readonly tooLong: readonly string[];
}

/** The surroundings of a child: those of this process, without what opens the stack's secrets. */
export function ambientEnvironment(ambient: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(ambient).filter(([name]) => !withheld.includes(name)));
}

/**
 * The variables that a command is given on top of its surroundings: its own, and the output of the last run.
 * Output that does not fit is left out and named, since the command would not start with it.
 */
export function commandVariables(
  environment: Readonly<Record<string, string>>,
  previous: PreviousOutput | undefined,
): EnvironmentPlan {
  const outputs = {
    PULUMI_COMMAND_STDOUT: previous?.stdout ?? "",
    PULUMI_COMMAND_STDERR: previous?.stderr ?? "",
  };
  const given = Object.entries(outputs).filter(([, value]) => value !== "");
  const fits = ([name, value]: [string, string]) => Buffer.byteLength(`${name}=${value}`) <= LONGEST_STRING;
  return {
    variables: { ...environment, ...Object.fromEntries(given.filter(fits)) },
    tooLong: given.filter((entry) => !fits(entry)).map(([name]) => name),
  };
}

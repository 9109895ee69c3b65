import { LONGEST_STRING } from "./child-environment.ts";

const limit = `the system takes ${LONGEST_STRING}`;

/**
 * Refuses what the system would refuse with a message that repeats the value, or that does not say which it was.
 *
 * @param argv the arguments that the command becomes.
 */
export function refuseUnfit(argv: readonly string[], variables: Readonly<Record<string, string>>): void {
  for (const argument of argv) {
    const bytes = Buffer.byteLength(argument);
    if (argument.includes("\0")) throw new Error("Cannot run a command that holds a zero character");
    if (bytes > LONGEST_STRING) {
      throw new Error(
        `Cannot run a command of ${bytes} bytes: ${limit}. Put it into a file, or pass it as stdin`,
      );
    }
  }
  for (const [name, value] of Object.entries(variables)) {
    const bytes = Buffer.byteLength(`${name}=${value}`);
    if (value.includes("\0")) throw new Error(`Cannot set ${name}: it holds a zero character`);
    if (bytes > LONGEST_STRING) throw new Error(`Cannot set ${name} to ${bytes} bytes: ${limit}`);
  }
}

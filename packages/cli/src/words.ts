import type { OutputFormat } from "./cli-context.ts";
import { outputFormats } from "./flags.ts";

/** The verb of a command line as far as it is one: `up`, `audit verify`, or nothing. */
export function commandOf(inputs: readonly string[], verbs: ReadonlyMap<string, readonly string[]>): string {
  const [verb = "", second = ""] = inputs;
  const inner = verbs.get(verb);
  if (inner === undefined) return "";
  return inner.includes(second) ? `${verb} ${second}` : verb;
}

/** The form of the result that a command line asks for, also when the rest of it is not understood. */
export function outputOf(inputs: readonly string[]): OutputFormat {
  const at = inputs.findIndex((word) => /^--output(=|$)/.test(word));
  const value = at < 0 ? undefined : (inputs[at]?.split("=", 2)[1] ?? inputs[at + 1]);
  return outputFormats.find((format) => format === value) ?? "text";
}

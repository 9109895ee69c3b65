import type { OutputFormat } from "./cli-context.ts";

/** `--output text|json|ndjson`, the same for every command. */
export const outputFlag = {
  kind: "enum",
  values: ["text", "json", "ndjson"],
  default: "text",
  brief: "How the result is written on stdout",
} as const;

/** `--env NAME`. */
export const envFlag = {
  kind: "parsed",
  parse: String,
  default: "dev",
  brief: "The environment: the name of a stacks/Pulumi.<env>.yaml",
} as const;

/** `--yes`. */
export const yesFlag = { kind: "boolean", default: false, withNegated: false, brief: "Do not ask" } as const;

/** `--reason TEXT`, recorded in the audit. */
export const reasonFlag = {
  kind: "parsed",
  parse: String,
  optional: true,
  brief: "Why, for the audit",
} as const;

/** Flags that most commands share. */
export interface CommonFlags {
  readonly output: OutputFormat;
  readonly env: string;
}

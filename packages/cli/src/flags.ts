import type { OutputFormat } from "./cli-context.ts";

/** The forms of a result. */
export const outputFormats = ["text", "json", "ndjson"] as const;

/** `--output text|json|ndjson`, the same for every command. */
export const outputFlag = {
  kind: "enum",
  values: outputFormats,
  default: "text",
  brief: "The form of the result",
} as const;

/** `--env NAME`. */
export const envFlag = {
  kind: "parsed",
  parse: String,
  optional: true,
  placeholder: "env",
  brief: "The environment (default: SLIPWAY_ENV, or dev)",
} as const;

/** The environment as a word of its own: `slipway up staging`. */
export const envWord = {
  kind: "tuple",
  parameters: [
    {
      parse: String,
      brief: "The environment: the <env> of a stacks/Pulumi.<env>.yaml",
      placeholder: "env",
      optional: true,
    },
  ],
} as const;

/** `--yes`. */
export const yesFlag = { kind: "boolean", optional: true, withNegated: false, brief: "Do not ask" } as const;

/** `--reason TEXT`, recorded in the audit. */
export const reasonFlag = {
  kind: "parsed",
  parse: String,
  optional: true,
  placeholder: "text",
  brief: "Why, for the audit",
} as const;

/** Flags that most commands share. */
export interface CommonFlags {
  readonly output: OutputFormat;
  readonly env?: string;
}

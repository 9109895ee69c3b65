import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { closestWord, type ErrorCode, errorCodes, SlipwayError } from "@slipway/kernel";
import { buildCommand } from "@stricli/core";
import type { CliContext, OutputFormat } from "../cli-context.ts";
import { outputFlag } from "../flags.ts";
import { verb } from "../verb.ts";

interface ExplainFlags {
  readonly output: OutputFormat;
}

export const explainCommand = buildCommand<ExplainFlags, [string?], CliContext>({
  docs: {
    customUsage: ["[flags] [<code>]"],
    brief: "Explain an error code, offline",
    fullDescription: [
      "Without a code it lists them all.",
      "",
      "Examples:",
      "  slipway explain",
      "  slipway explain SMOKE_FAILED",
    ].join("\n"),
  },
  parameters: {
    positional: {
      kind: "tuple",
      parameters: [{ parse: String, brief: "The code", placeholder: "code", optional: true }],
    },
    flags: { output: outputFlag },
  },
  func: verb((context, { output }: ExplainFlags, word?: string) => {
    if (word === undefined) {
      const codes = Object.entries(errorCodes).map(([code, info]) => ({ code, ...info }));
      const lines = codes.map(({ code, meaning }) => `${code.padEnd(28)} ${meaning}`);
      context.result(output, { codes }, lines.join("\n"));
      return;
    }
    const code = codeOf(word);
    const page = errorPage(code);
    context.result(output, { code, ...errorCodes[code], page }, page);
  }),
});

function codeOf(word: string): ErrorCode {
  const code = word.toUpperCase();
  if (Object.hasOwn(errorCodes, code)) return code as ErrorCode;
  const near = closestWord(code, Object.keys(errorCodes));
  throw new SlipwayError("USAGE", {
    what: `Cannot explain "${word}"`,
    why: "there is no such code",
    todo: near === null ? "slipway explain lists them all" : `slipway explain ${near}?`,
  });
}

function errorPage(code: ErrorCode): string {
  const file = fileURLToPath(import.meta.resolve(`@slipway/docs/errors/${code}.md`));
  if (existsSync(file)) return readFileSync(file, "utf8");
  const { meaning, advice } = errorCodes[code];
  return `${code}\n\n${meaning}.\n\nDo: ${advice}.`;
}

import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type ErrorCode, errorCodes, SlipwayError } from "@slipway/kernel";
import { buildCommand } from "@stricli/core";
import { type CliContext, reportError } from "../cli-context.ts";
import { outputFlag } from "../flags.ts";

export const explainCommand = buildCommand<{ output: "text" | "json" | "ndjson" }, [string?], CliContext>({
  docs: {
    brief: "Explain an error code, offline",
    fullDescription:
      "Examples:\n  slipway explain                       list all codes\n  slipway explain SMOKE_FAILED",
  },
  parameters: {
    positional: {
      kind: "tuple",
      parameters: [{ parse: String, brief: "The code", placeholder: "code", optional: true }],
    },
    flags: { output: outputFlag },
  },
  func({ output }, code) {
    try {
      if (code === undefined) {
        const codes = Object.entries(errorCodes).map(([name, info]) => ({ code: name, ...info }));
        this.result(
          output,
          { codes },
          codes.map(({ code, meaning }) => `${code.padEnd(28)} ${meaning}`).join("\n"),
        );
        return;
      }
      const name = code.toUpperCase();
      if (!(name in errorCodes)) {
        throw new SlipwayError("USAGE", {
          what: `Cannot explain "${code}"`,
          why: "there is no such code",
          todo: "slipway explain lists them all",
        });
      }
      this.result(
        output,
        { code: name, ...errorCodes[name as ErrorCode], page: errorPage(name) },
        errorPage(name),
      );
    } catch (error) {
      reportError(this, output, error);
    }
  },
});

function errorPage(code: string): string {
  const file = fileURLToPath(import.meta.resolve(`@slipway/docs/errors/${code}.md`));
  if (existsSync(file)) return readFileSync(file, "utf8");
  const { meaning, advice } = errorCodes[code as ErrorCode];
  return `${code}\n\n${meaning}.\n\nDo: ${advice}.`;
}

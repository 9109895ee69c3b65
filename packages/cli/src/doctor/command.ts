import { checkToolchain } from "@slipway/toolchain";
import { buildCommand } from "@stricli/core";
import type { CliContext } from "../cli-context.ts";
import { environmentName } from "../environment-name.ts";
import { exitCodes } from "../exit-codes.ts";
import { type CommonFlags, envFlag, envWord, outputFlag } from "../flags.ts";
import { verb } from "../verb.ts";
import { checkProject } from "./check-project.ts";
import { type Finding, renderFindings } from "./finding.ts";

export const doctorCommand = buildCommand<CommonFlags, [string?], CliContext>({
  docs: {
    customUsage: ["[flags] [<env>]"],
    brief: "Check this machine, the project and an environment",
    fullDescription: [
      "Each line is a check: pass, warn or fail, with what to do. Exits 1 when one fails.",
      "",
      "Examples:",
      "  slipway doctor",
      "  slipway doctor production",
      "  slipway doctor --env production --output json",
    ].join("\n"),
  },
  parameters: { positional: envWord, flags: { env: envFlag, output: outputFlag } },
  func: verb(async (context, flags: CommonFlags, word?: string) => {
    const name = environmentName(context.process.env, flags, word);
    const machine = (await checkToolchain()).map(
      ({ id, status, detail, suggestion }): Finding => ({
        id,
        status,
        detail,
        suggestion: suggestion ?? null,
      }),
    );
    const findings = [...machine, ...(await checkProject(context, name))];
    context.result(flags.output, { findings }, renderFindings(findings));
    if (findings.some(({ status }) => status === "fail")) context.exit(exitCodes.failed);
  }),
});

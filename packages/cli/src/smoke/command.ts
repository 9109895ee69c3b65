import { renderText, type SmokeReport } from "@slipway/smoke";
import { buildCommand } from "@stricli/core";
import type { CliContext } from "../cli-context.ts";
import { environmentName } from "../environment-name.ts";
import { type CommonFlags, envFlag, envWord, outputFlag } from "../flags.ts";
import { withEnvironment } from "../project.ts";
import { verb } from "../verb.ts";
import { runEnvironmentSmoke } from "./run-environment-smoke.ts";
import { smokeExitCode } from "./smoke-exit-code.ts";

interface SmokeFlags extends CommonFlags {
  readonly suite?: string;
}

export const smokeCommand = buildCommand<SmokeFlags, [string?], CliContext>({
  docs: {
    customUsage: ["[flags] [<env>]"],
    brief: "Ask an environment whether it is what its ledger says",
    fullDescription: [
      "Asks every instance and the router for health, version and build of the release that last passed",
      "there, and makes the release's own checks. Changes nothing but the audit, which gets an event",
      "smoke.run with verdict, checks, failed and the release's digest.",
      "",
      "Examples:",
      "  slipway smoke",
      "  slipway smoke production --output json",
      "  slipway smoke --suite checkout         a part that stacks/smoke.yaml names under suites",
      "",
      "Exit codes: 0 pass; 1 fail, inconclusive or no data; 2 nothing was released yet; 64 the suite",
      "cannot be run.",
    ].join("\n"),
  },
  parameters: {
    positional: envWord,
    flags: {
      env: envFlag,
      suite: {
        kind: "parsed",
        parse: String,
        optional: true,
        placeholder: "name",
        brief: "Only this part of the release's own suite",
      },
      output: outputFlag,
    },
  },
  func: verb(async (context, flags: SmokeFlags, word?: string) => {
    const name = environmentName(context.process.env, flags, word);
    const waiting = new Set<string>();
    await withEnvironment(context, name, async ({ environment }) => {
      const report = await runEnvironmentSmoke(environment, {
        ...(flags.suite === undefined ? {} : { suite: flags.suite }),
        signal: context.signal,
        onRetry(check, { message }) {
          if (!waiting.has(check)) context.progress(`waiting: ${check}: ${message}`);
          waiting.add(check);
        },
        onCheck: (check) => context.event(flags.output, { event: "check", ...check }),
      });
      context.result(flags.output, report, renderReport(report));
      context.exit(smokeExitCode(report));
    });
  }),
});

/** The report for people: a pass needs no next step. */
function renderReport(report: SmokeReport): string {
  const text = renderText(report).trimEnd();
  if (report.verdict !== "pass") {
    const code = report.verdict === "error" ? "SMOKE_INVALID" : "SMOKE_FAILED";
    return `${text}\n  more: slipway explain ${code}`;
  }
  return text.slice(0, text.lastIndexOf("\n"));
}

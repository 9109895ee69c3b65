import { buildApplication, buildRouteMap, run } from "@stricli/core";
import { auditExportCommand } from "./audit/export-command.ts";
import { auditVerifyCommand } from "./audit/verify-command.ts";
import { type CliContext, type CliProcess, cliContext } from "./cli-context.ts";
import { cutCommand } from "./cut/command.ts";
import { doctorCommand } from "./doctor/command.ts";
import { downCommand } from "./down/command.ts";
import { envCommand } from "./env/command.ts";
import { exitCodes } from "./exit-codes.ts";
import { explainCommand } from "./explain/command.ts";
import { historyCommand } from "./history/command.ts";
import { pinCommand } from "./pin/command.ts";
import { planCommand } from "./plan/command.ts";
import { rollbackCommand } from "./rollback/command.ts";
import { statusCommand } from "./status/command.ts";
import { tourCommand } from "./tour/command.ts";
import { upCommand } from "./up/command.ts";

const routes = buildRouteMap<string, CliContext>({
  routes: {
    up: upCommand,
    rollback: rollbackCommand,
    plan: planCommand,
    status: statusCommand,
    history: historyCommand,
    cut: cutCommand,
    pin: pinCommand,
    doctor: doctorCommand,
    audit: buildRouteMap<string, CliContext>({
      routes: { verify: auditVerifyCommand, export: auditExportCommand },
      docs: { brief: "The hash-chained record of who did what" },
    }),
    down: downCommand,
    explain: explainCommand,
    env: envCommand,
    tour: tourCommand,
  },
  docs: {
    brief: "Releases that roll back, database included",
    fullDescription: [
      "Every environment is a Pulumi stack, every stack pins one release, and `slipway up` makes it so.",
      "",
      "Examples:",
      "  slipway up                     bring dev to its pinned release",
      "  slipway rollback               list what dev can go back to",
      "  slipway status --env staging   what is pinned, what runs, what is served",
    ].join("\n"),
  },
});

const application = buildApplication(routes, {
  name: "slipway",
  versionInfo: { currentVersion: "0.1.0" },
  scanner: { caseStyle: "allow-kebab-for-camel", allowArgumentEscapeSequence: true },
  determineExitCode: () => exitCodes.failed,
});

/**
 * Runs the command line.
 *
 * @param inputs the words after `slipway`.
 */
export async function runCli(
  inputs: readonly string[],
  process: CliProcess,
  signal: AbortSignal,
): Promise<void> {
  const context = cliContext(process, signal);
  await run(application, inputs, context as never);
  // stricli's own codes for a command line that it refused are negative.
  if (typeof process.exitCode === "number" && process.exitCode < 0) process.exitCode = exitCodes.usage;
}

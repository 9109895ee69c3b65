import { type Application, buildApplication, buildRouteMap, run } from "@stricli/core";
import { auditExportCommand } from "./audit/export-command.ts";
import { auditVerifyCommand } from "./audit/verify-command.ts";
import { type CliContext, type CliProcess, cliContext } from "./cli-context.ts";
import { cutCommand } from "./cut/command.ts";
import { doctorCommand } from "./doctor/command.ts";
import { downCommand } from "./down/command.ts";
import { envCommand } from "./env/command.ts";
import { exitCodes } from "./exit-codes.ts";
import { explainCommand } from "./explain/command.ts";
import { flagRoutes } from "./flag/routes.ts";
import { historyCommand } from "./history/command.ts";
import { migrateRoutes } from "./migrate/routes.ts";
import { pinCommand } from "./pin/command.ts";
import { planCommand } from "./plan/command.ts";
import { reportError } from "./report-error.ts";
import { rollbackCommand } from "./rollback/command.ts";
import { smokeCommand } from "./smoke/command.ts";
import { statusCommand } from "./status/command.ts";
import { tourCommand } from "./tour/command.ts";
import { upCommand } from "./up/command.ts";
import { usageText } from "./usage-text.ts";
import { versionCommand } from "./version/command.ts";
import { version } from "./version.ts";
import { commandOf, outputOf } from "./words.ts";

const routes = buildRouteMap<string, CliContext>({
  routes: {
    up: upCommand,
    rollback: rollbackCommand,
    plan: planCommand,
    status: statusCommand,
    history: historyCommand,
    cut: cutCommand,
    pin: pinCommand,
    migrate: migrateRoutes,
    doctor: doctorCommand,
    smoke: smokeCommand,
    flag: flagRoutes,
    audit: buildRouteMap<string, CliContext>({
      routes: { verify: auditVerifyCommand, export: auditExportCommand },
      docs: { brief: "The hash-chained record of who did what" },
    }),
    down: downCommand,
    explain: explainCommand,
    env: envCommand,
    version: versionCommand,
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
      "  slipway status staging         what is pinned, what runs, what is served",
      "",
      "Results go to standard output, progress to standard error; --output json is for machines.",
      "Exit codes: 0 done, 1 failed and undone, 2 refused, 3 rolled back, 4 needs a person, 64 usage.",
    ].join("\n"),
  },
});

/** The command line with the parser's texts. Also what the help pages are made from. */
export function application(text: ReturnType<typeof usageText>["text"]): Application<CliContext> {
  return buildApplication(routes, {
    name: "slipway",
    versionInfo: { currentVersion: version },
    scanner: { caseStyle: "allow-kebab-for-camel", allowArgumentEscapeSequence: true },
    documentation: { onlyRequiredInUsageLine: true },
    localization: { text },
    determineExitCode: () => exitCodes.failed,
  });
}

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
  const usage = usageText(commandOf(inputs, verbs));
  // The parser would write its complaints by itself; they are told below. Commands write through the context.
  const quiet = { ...process, stderr: { write: () => undefined, isTTY: process.stderr.isTTY } };
  try {
    await run(application(usage.text), inputs, { ...context, process: quiet } as never);
    const error = usage.error();
    if (error !== null) reportError(context, outputOf(inputs), error);
  } catch (error) {
    reportError(context, outputOf(inputs), error);
  }
}

/** The verbs, and below a verb with others its own. */
const verbs: ReadonlyMap<string, readonly string[]> = new Map(
  routes
    .getAllEntries()
    .map(({ name, target }) => [
      name.original,
      "getAllEntries" in target ? target.getAllEntries().map((entry) => entry.name.original) : [],
    ]),
);

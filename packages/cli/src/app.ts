import { type Application, buildApplication, buildRouteMap, type RouteMap, run } from "@stricli/core";
import { type CliContext, type CliProcess, cliContext } from "./cli-context.ts";
import { exitCodes } from "./exit-codes.ts";
import { reportError } from "./report-error.ts";
import { usageText } from "./usage-text.ts";
import { verbs, verbsFor } from "./verbs.ts";
import { version } from "./version.ts";
import { commandOf, outputOf } from "./words.ts";

const docs = {
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
};

/**
 * The verbs that a command line needs, loaded.
 *
 * @param inputs the words after `slipway`; none for all verbs.
 */
export async function loadRoutes(inputs: readonly string[]): Promise<RouteMap<CliContext>> {
  const loaded = verbsFor(inputs).map(async (name) => [name, await verbs[name]()] as const);
  return buildRouteMap<string, CliContext>({ routes: Object.fromEntries(await Promise.all(loaded)), docs });
}

/** The command line with the parser's texts. Also what the help pages are made from. */
export function application(
  routes: RouteMap<CliContext>,
  text: ReturnType<typeof usageText>["text"],
): Application<CliContext> {
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
  const routes = await loadRoutes(inputs);
  const usage = usageText(commandOf(inputs, namesOf(routes)));
  // The parser would write its complaints by itself; they are told below. Commands write through the context.
  const quiet = { ...process, stderr: { write: () => undefined, isTTY: process.stderr.isTTY } };
  try {
    await run(application(routes, usage.text), inputs, { ...context, process: quiet } as never);
    const error = usage.error();
    if (error !== null) reportError(context, outputOf(inputs), error);
  } catch (error) {
    reportError(context, outputOf(inputs), error);
  }
}

/** The loaded verbs, and below a verb with others its own. */
function namesOf(routes: RouteMap<CliContext>): ReadonlyMap<string, readonly string[]> {
  return new Map(
    routes
      .getAllEntries()
      .map(({ name, target }) => [
        name.original,
        "getAllEntries" in target ? target.getAllEntries().map((entry) => entry.name.original) : [],
      ]),
  );
}

import { createRedactor, isSlipwayError, renderError } from "@slipway/kernel";
import { type Duration, durationMs } from "../definition/duration.ts";
import { expectedVariable, parseExpected } from "../definition/parse-expected.ts";
import { releaseSuite } from "../definition/release-suite.ts";
import { runSmoke } from "../engine/run-smoke.ts";
import { exitCodeOf, exitCodes } from "../reports/exit-code.ts";
import { renderJson } from "../reports/json.ts";
import { renderJsonLine } from "../reports/json-line.ts";
import { renderText } from "../reports/text.ts";
import { parseArguments, usage } from "./arguments.ts";
import type { Host } from "./host.ts";

/**
 * The command, the same in every runtime: results on stdout, the report for people on stderr when
 * stdout carries something for machines.
 *
 * @returns the exit code.
 */
export async function main(host: Host): Promise<number> {
  try {
    return await run(host);
  } catch (error) {
    if (!isSlipwayError(error)) throw error;
    await host.err(`${renderError(error)}\n`);
    return exitCodes.configuration;
  }
}

async function run(host: Host): Promise<number> {
  const { verb, output } = parseArguments(host.args);
  if (verb === "help") {
    await host.out(usage);
    return exitCodes.pass;
  }
  const expected = parseExpected(host.env(expectedVariable));
  const report = await runSmoke(releaseSuite(expected, expected.checks), {
    deadline: deadlineOf(host.env("SLIPWAY_SMOKE_DEADLINE_MS")),
    signal: host.signal,
    redactor: createRedactor(),
    ...(host.transport === undefined ? {} : { transport: host.transport }),
  });
  if (output === "text") await host.out(renderText(report));
  else {
    await host.err(renderText(report));
    await host.out(output === "json" ? renderJson(report) : renderJsonLine(report));
  }
  return exitCodeOf(report);
}

function deadlineOf(text: string | undefined): Duration {
  return text === undefined || text === "" ? 30_000 : durationMs(Number(text));
}

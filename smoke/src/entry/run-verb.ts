import { createRedactor, SlipwayError } from "@slipway/kernel";
import type { Suite } from "../definition/suite.ts";
import { runSmoke, type SmokeOptions } from "../engine/run-smoke.ts";
import { exitCodeOf, exitCodes } from "../reports/exit-code.ts";
import { endEvent, renderEvent } from "../reports/ndjson.ts";
import { render } from "../reports/render.ts";
import { renderText } from "../reports/text.ts";
import type { RunArguments } from "./arguments.ts";
import { errorText } from "./error-text.ts";
import type { Host } from "./host.ts";

const deadlineVariable = "SLIPWAY_SMOKE_DEADLINE_MS";

/**
 * Runs a suite and writes its reports: the chosen form on stdout, the one for people on stderr when
 * stdout carries another.
 *
 * @returns the exit code.
 */
export async function runVerb(host: Host, suite: Suite, args: RunArguments): Promise<number> {
  const report = await runSmoke(suite, {
    ...selection(host, args),
    ...(args.output === "ndjson" ? streaming(host) : progress(host)),
    env: host.env,
    signal: host.signal,
    ports: host.ports,
    redactor: createRedactor(),
    ...(host.transport === undefined ? {} : { transport: host.transport }),
    ...(host.audit === undefined ? {} : { audit: host.audit }),
  });
  if (args.output !== "text") await host.err(renderText(report));
  await host.out(
    args.output === "ndjson" ? renderEvent(endEvent(report)) : await render(report, args.output),
  );
  let unwritten = 0;
  const writing = async (path: string, write: Promise<void>) => {
    try {
      await write;
    } catch (error) {
      unwritten++;
      await host.err(`${errorText(notWritable(path, error))}\n`);
    }
  };
  for (const { format, path } of args.reports) {
    await writing(path, host.writeText(path, await render(report, format)));
  }
  if (host.env("GITHUB_ACTIONS") === "true") {
    const { renderGithubAnnotations, renderGithubSummary } = await import("../reports/github.ts");
    // Annotations go where the runner reads them without spoiling a report for machines.
    await (args.output === "text" ? host.out : host.err)(renderGithubAnnotations(report));
    const summary = host.env("GITHUB_STEP_SUMMARY");
    if (summary) await writing(summary, host.appendText(summary, renderGithubSummary(report)));
  }
  const code = exitCodeOf(report);
  // A pass that somebody will look for in a file that is not there is none.
  return code === exitCodes.pass && unwritten > 0 ? exitCodes.configuration : code;
}

function notWritable(path: string, cause: unknown): SlipwayError {
  return new SlipwayError("FOLDER_NOT_WRITABLE", {
    what: `Cannot write the report ${path}`,
    why: cause instanceof Error ? cause.message : String(cause),
    todo: "Name a file in a folder that exists and can be written",
    cause,
  });
}

function selection(host: Host, { suite, tags, deadlineMs }: RunArguments): SmokeOptions {
  const deadline = deadlineMs ?? deadlineFrom(host.env(deadlineVariable));
  return {
    ...(suite === undefined ? {} : { suite }),
    ...(tags === undefined ? {} : { tags }),
    ...(deadline === undefined ? {} : { deadline }),
  };
}

function deadlineFrom(text: string | undefined): number | undefined {
  if (text === undefined || text === "") return undefined;
  const ms = Number(text);
  if (Number.isFinite(ms) && ms > 0) return ms;
  throw new SlipwayError("SMOKE_INVALID", {
    what: `Cannot read ${deadlineVariable}`,
    why: `${JSON.stringify(text)} is not a number of milliseconds`,
    todo: `Set ${deadlineVariable} to milliseconds, or leave it out`,
  });
}

/** A person who waits is told once, per check, what is waited for. */
function progress(host: Host): SmokeOptions {
  const told = new Set<string>();
  return {
    onRetry: (name, { message }) => {
      if (told.has(name)) return;
      told.add(name);
      void host.err(`waiting: ${name}: ${message}\n`);
    },
  };
}

function streaming(host: Host): SmokeOptions {
  return {
    onStart: (checks) => void host.out(renderEvent({ event: "start", checks })),
    onRetry: (name, failed) => void host.out(renderEvent({ event: "retry", name, ...failed })),
    onCheck: (check) => void host.out(renderEvent({ event: "check", ...check })),
  };
}

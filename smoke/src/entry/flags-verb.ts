import { createRedactor, SlipwayError } from "@slipway/kernel";
import { isCheckFailure } from "../engine/check-failure.ts";
import { type Prepared, prepare } from "../engine/prepare.ts";
import type { RunArguments } from "./arguments.ts";
import { denoFlags } from "./deno-flags.ts";
import { expecting } from "./expectations.ts";
import type { Host } from "./host.ts";
import { loadSuite } from "./load-suite.ts";

/** The YAML library asks for them, and works without. */
const yamlVariables = ["LOG_STREAM", "LOG_TOKENS"];

/** Prints the Deno command line that runs a suite with no more permissions than it needs. */
export async function flagsVerb(host: Host, args: RunArguments & { readonly file: string }): Promise<number> {
  const suite = await expecting(host, await loadSuite(host, args.file), args);
  const redactor = createRedactor();
  let prepared: Prepared;
  try {
    prepared = await prepare(suite, {
      suite: args.suite,
      tags: args.tags,
      env: host.env,
      runId: "flags",
      redactor,
    });
  } catch (error) {
    if (!isCheckFailure(error)) throw error;
    throw new SlipwayError("SMOKE_INVALID", {
      what: `Cannot plan ${args.file}`,
      why: redactor.redact(error.message),
    });
  }
  const rest = [
    ...(args.suite === undefined ? [] : ["--suite", args.suite]),
    ...(args.tags ?? []).flatMap((tag) => ["--tag", tag]),
    ...(args.expected === undefined ? [] : ["--expected", args.expected]),
    ...(args.release === undefined ? [] : ["--release", args.release]),
    ...args.reports.flatMap(({ format, path }) => ["--report", `${format}=${path}`]),
  ];
  const flags = denoFlags(
    prepared.checks.map(({ needs }) => needs),
    {
      env: [...Object.keys(suite.env ?? {}), ...(/\.ya?ml$/i.test(args.file) ? yamlVariables : [])],
      reads: [args.file, ...(args.expected === undefined ? [] : [args.expected])],
      writes: args.reports.map(({ path }) => path),
    },
  );
  const command = ["deno", "run", ...flags, host.denoEntry(), "run", args.file, ...rest];
  await host.out(`${command.map(quoted).join(" ")}\n`);
  return 0;
}

/** An argument as a shell reads it back. */
function quoted(argument: string): string {
  return /^[\w@%+=:,./[\]-]+$/.test(argument) ? argument : `'${argument.replaceAll("'", "'\\''")}'`;
}

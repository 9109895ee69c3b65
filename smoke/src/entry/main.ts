import { createRedactor, isSlipwayError } from "@slipway/kernel";
import { exitCodes } from "../reports/exit-code.ts";
import { parseArguments } from "./arguments.ts";
import { errorText } from "./error-text.ts";
import { expecting, suiteOfRelease } from "./expectations.ts";
import type { Host } from "./host.ts";
import { runVerb } from "./run-verb.ts";

/**
 * The command, the same in every runtime.
 *
 * @returns the exit code.
 */
export async function main(host: Host): Promise<number> {
  try {
    return await perform(host);
  } catch (error) {
    if (isSlipwayError(error)) {
      await host.err(`${errorText(error)}\n`);
      return exitCodes.configuration;
    }
    // Left alone, the runtime would exit with 1, which means that a service answered otherwise.
    const what = error instanceof Error ? (error.stack ?? error.message) : String(error);
    await host.err(`INTERNAL: ${createRedactor().redact(what)}\n`);
    return exitCodes.internal;
  }
}

// What only some verbs need is loaded by them: `release` runs at every `pulumi up`.
async function perform(host: Host): Promise<number> {
  const args = parseArguments(host.args);
  switch (args.verb) {
    case "release":
      return runVerb(host, suiteOfRelease(host, args), args);
    case "run": {
      const { loadSuite } = await import("./load-suite.ts");
      return runVerb(host, await expecting(host, await loadSuite(host, args.file), args), args);
    }
    case "flags":
      return (await import("./flags-verb.ts")).flagsVerb(host, args);
    case "import":
      return (await import("./import-verb.ts")).importVerb(host, args);
    case "schema": {
      const { default: schema } = await import("../../schema.json", { with: { type: "json" } });
      await host.out(`${JSON.stringify(schema, null, 2)}\n`);
      return exitCodes.pass;
    }
    case "version": {
      const { default: about } = await import("../../package.json", { with: { type: "json" } });
      await host.out(`${about.version}\n`);
      return exitCodes.pass;
    }
    case "help":
      await host.out((await import("./usage.ts")).usage);
      return exitCodes.pass;
  }
}

import { runProgram, step } from "./run-program.ts";
import { test } from "./test.ts";

const quiet = { TURBO_TELEMETRY_DISABLED: "1", DO_NOT_TRACK: "1" };

/** `npm run ok`: everything that a change has to pass. Stops at the first step that does not. */
export async function ok(args: readonly string[]): Promise<number> {
  return (await check()) || (await test(args));
}

/** Format, lint, types and boundaries: all that needs no test run. */
export async function check(): Promise<number> {
  return (
    (await step("format and lint", () => runProgram("biome", ["ci", "--error-on-warnings", "."]))) ||
    (await step("types", () => runProgram("tsc", ["--noEmit", "-p", "."]))) ||
    (await step("boundaries", () => runProgram("turbo", ["boundaries"], quiet)))
  );
}

import { runProgram, step } from "./run-program.ts";

const turboQuiet = { TURBO_TELEMETRY_DISABLED: "1", DO_NOT_TRACK: "1" };

/** Format, lint, types and boundaries: all that needs no test run. All of them run; one that fails is enough. */
export async function check(): Promise<number> {
  const codes = [
    await step("format and lint", () => runProgram("biome", ["ci", "--error-on-warnings", "."])),
    await step("types", () => runProgram("tsc", ["--noEmit", "-p", "."])),
    await step("boundaries", () => runProgram("turbo", ["boundaries"], turboQuiet)),
  ];
  return codes.find((code) => code !== 0) ?? 0;
}

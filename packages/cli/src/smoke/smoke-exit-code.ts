import { exitCodeOf, type SmokeReport, exitCodes as smokeExitCodes } from "@slipway/smoke";
import { type ExitCode, exitCodes } from "../exit-codes.ts";

/**
 * The exit code of `slipway smoke`: the smoke package's own, in the words of this command line. What cannot be
 * checked is 64 in both; everything else that is no pass is 1.
 */
export function smokeExitCode(report: SmokeReport): ExitCode {
  const code = exitCodeOf(report);
  if (code === smokeExitCodes.pass) return exitCodes.done;
  return code === smokeExitCodes.configuration ? exitCodes.usage : exitCodes.failed;
}

import { prepare } from "./prepare.ts";
import { runProgram } from "./run-program.ts";

/** `npm start`: the tour of the example. */
export async function start(args: readonly string[]): Promise<number> {
  await prepare();
  return await runProgram(process.execPath, ["packages/cli/bin/slipway.cjs", "tour", ...args]);
}

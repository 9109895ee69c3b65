import { prepare } from "./prepare.ts";
import { runProgram } from "./run-program.ts";

/** `npm run bench`: measures against peers, side by side in one run. */
export async function bench(args: readonly string[]): Promise<number> {
  await prepare();
  return await runProgram(process.execPath, ["packages/bench/src/main.ts", ...args]);
}

import { isSlipwayError, renderError, SlipwayError } from "@slipway/kernel";
import { bench } from "./tasks/bench.ts";
import { build, pack } from "./tasks/build.ts";
import { ok } from "./tasks/ok.ts";
import { start } from "./tasks/start.ts";
import { test } from "./tasks/test.ts";

/** The tasks of package.json's scripts: each gives the exit code. */
const tasks: Readonly<Record<string, (args: readonly string[]) => Promise<number>>> = {
  start,
  test,
  ok,
  bench,
  build,
  pack,
};

const [name = "", ...args] = process.argv.slice(2);
const task = tasks[name];
try {
  if (task === undefined) {
    throw new SlipwayError("USAGE", {
      what: `Cannot run task "${name}"`,
      why: `the tasks are ${Object.keys(tasks).join(", ")}`,
      todo: `npm start, npm test, or npm run with one of the others`,
    });
  }
  process.exitCode = await task(args);
} catch (error) {
  process.stderr.write(`${isSlipwayError(error) ? renderError(error) : format(error)}\n`);
  process.exitCode = isSlipwayError(error) && error.refusal ? 2 : 1;
}

function format(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

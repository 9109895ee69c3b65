import { isSlipwayError, renderError, SlipwayError } from "@slipway/kernel";
import { bench } from "./tasks/bench.ts";
import { ok } from "./tasks/ok.ts";
import { start } from "./tasks/start.ts";
import { test } from "./tasks/test.ts";

/** The tasks of package.json's scripts: each gives the exit code. */
const tasks: Readonly<Record<string, (args: readonly string[]) => Promise<number>>> = {
  start,
  test,
  ok,
  bench,
};

const [name = "", ...args] = process.argv.slice(2);
const task = tasks[name];
try {
  if (task === undefined) {
    throw new SlipwayError("USAGE", {
      what: `Cannot run task "${name}"`,
      why: `the tasks are ${Object.keys(tasks).join(", ")}`,
    });
  }
  process.exitCode = await task(args);
} catch (error) {
  console.error(isSlipwayError(error) ? renderError(error) : error);
  process.exitCode = 1;
}

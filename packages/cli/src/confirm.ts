import { createInterface } from "node:readline/promises";
import { SlipwayError } from "@slipway/kernel";
import type { CliContext } from "./cli-context.ts";

/**
 * Asks a question that needs a yes. Without a terminal there is nobody to ask: that is an error, not a yes.
 *
 * @throws {SlipwayError} TERMINAL_REQUIRED.
 */
export async function confirm(context: CliContext, question: string, yes: boolean): Promise<boolean> {
  if (yes) return true;
  if (!context.process.stdin.isTTY || !context.process.stderr.isTTY) {
    throw new SlipwayError("TERMINAL_REQUIRED", {
      what: `Cannot ask "${question}"`,
      why: "there is no terminal",
    });
  }
  const prompt = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = await prompt.question(`${question} [y/N] `, { signal: context.signal });
    return /^y(es)?$/i.test(answer.trim());
  } finally {
    prompt.close();
  }
}

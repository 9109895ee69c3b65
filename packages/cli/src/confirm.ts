import { createInterface } from "node:readline/promises";
import { SlipwayError } from "@slipway/kernel";
import type { CliContext } from "./cli-context.ts";

/**
 * Asks a question that needs a yes; Ctrl-C and Ctrl-D are a no. Without a terminal there is nobody to ask:
 * that is an error, not a yes.
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
    const closed = new Promise<string>((resolve) => prompt.once("close", () => resolve("")));
    const asked = prompt.question(`${question} [y/N] `, { signal: context.signal });
    return /^y(es)?$/i.test((await Promise.race([asked, closed])).trim());
  } catch (error) {
    if (!(error instanceof Error && error.name === "AbortError")) throw error;
    // The question's line has no end yet.
    context.progress("");
    return false;
  } finally {
    prompt.close();
  }
}

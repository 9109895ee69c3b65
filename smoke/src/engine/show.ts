import type { Redactor } from "@slipway/kernel";

/** Characters of one text that a report keeps. */
const maxShown = 160;

/**
 * Makes a text fit for a report: secrets out, on one line, and then cut. In this order, because a secret
 * that is cut in two is no longer recognised.
 */
export function show(redactor: Redactor, text: string): string {
  const line = redactor.redact(text).replace(/\s+/g, " ").trim();
  return line.length > maxShown ? `${line.slice(0, maxShown - 3)}...` : line;
}

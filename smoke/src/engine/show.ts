import type { Redactor } from "@slipway/kernel";

/** Characters of one text that a report keeps. */
const maxShown = 160;

/** Control characters, and those that change the direction of a text: a terminal obeys them. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: what answers may send them.
const unprintable = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/**
 * Makes a text fit for a report: secrets out, on one line without control characters, and then cut. In this
 * order, because a secret that is cut in two is no longer recognised.
 */
export function show(redactor: Redactor, text: string): string {
  const line = redactor.redact(text).replace(/\s+/g, " ").replace(unprintable, "\ufffd").trim();
  return line.length > maxShown ? `${line.slice(0, maxShown - 3)}...` : line;
}

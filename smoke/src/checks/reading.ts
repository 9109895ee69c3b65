import type { Reading } from "../definition/http-checks.ts";
import type { HttpAnswer } from "../engine/transport.ts";
import { parseJsonPath, readJsonPath } from "./json-path.ts";
import { parseJson } from "./judge-answer.ts";

/** Reads one text out of an answer; `undefined` when it is not there, or is an empty text. */
export function readAnswer(answer: HttpAnswer, reading: Reading): string | undefined {
  const value = rawValue(answer, typeof reading === "string" ? { json: reading } : reading);
  const text = typeof value === "number" ? String(value) : value;
  return typeof text === "string" && text.trim() !== "" ? text : undefined;
}

function rawValue(answer: HttpAnswer, reading: Exclude<Reading, string>): unknown {
  if ("header" in reading) return answer.headers[reading.header.toLowerCase()];
  if ("meta" in reading) return metaContent(answer.body, reading.meta);
  if ("pattern" in reading) return new RegExp(reading.pattern, "u").exec(answer.body)?.[1];
  const parsed = parseJson(answer.body);
  const found = parsed.found ? readJsonPath(parsed.value, reading.json) : parsed;
  return found.found ? found.value : undefined;
}

/** The content of `<meta name="…" content="…">`, its attributes in either order. */
function metaContent(html: string, name: string): string | undefined {
  for (const [tag] of html.matchAll(/<meta\b[^>]*>/gi)) {
    const attributes = Object.fromEntries(
      [...tag.matchAll(/([\w:-]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>]+))/g)].map(
        ([, key, double, single, bare]) => [key!.toLowerCase(), double ?? single ?? bare],
      ),
    );
    if (attributes.name === name || attributes.property === name) return attributes.content;
  }
  return undefined;
}

/** Where a reading looks, in words. */
export function readingText(reading: Reading): string {
  if (typeof reading === "string") return reading;
  if ("header" in reading) return `header ${reading.header}`;
  if ("meta" in reading) return `<meta name="${reading.meta}">`;
  return "pattern" in reading ? `/${reading.pattern}/` : reading.json;
}

/**
 * Finds mistakes in a reading before anything is asked.
 *
 * @throws {SyntaxError} for a JSON path or a pattern that cannot be read.
 */
export function checkReading(reading: Reading): void {
  if (typeof reading === "string") parseJsonPath(reading);
  else if ("json" in reading) parseJsonPath(reading.json);
  else if ("pattern" in reading) new RegExp(reading.pattern, "u");
}

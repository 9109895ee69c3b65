import { readFileSync } from "node:fs";
import { type ErrorCode, SlipwayError } from "@slipway/kernel";
import { type Document, isMap, isScalar, isSeq, LineCounter, type Node, parseDocument } from "yaml";

/** A YAML file with its places: what it holds, and on which line. */
export interface YamlSource {
  readonly text: string;
  readonly document: Document;
  readonly value: unknown;
  /** The line of a key or an element, or of the nearest thing above it that is written; counted from 1. */
  lineOf(path: readonly PropertyKey[]): number;
}

/**
 * Reads a YAML file.
 *
 * @param code the error's code, which says what kind of file it is.
 * @throws {SlipwayError} with that code, for a missing file and for what is not YAML.
 */
export function readYaml(file: string, code: ErrorCode): YamlSource {
  const text = readText(file, code);
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const [error] = document.errors;
  if (error !== undefined) {
    throw new SlipwayError(code, {
      what: `Cannot read "${file}"`,
      why: `line ${lines.linePos(error.pos[0]).line}: ${error.message}`,
      cause: error,
    });
  }
  return {
    text,
    document,
    value: document.toJS(),
    lineOf: (path) => lines.linePos(offsetOf(document.contents, path)).line,
  };
}

function readText(file: string, code: ErrorCode): string {
  try {
    return readFileSync(file, "utf8");
  } catch (cause) {
    const missing = cause instanceof Error && "code" in cause && cause.code === "ENOENT";
    const why = missing ? "there is no such file" : cause instanceof Error ? cause.message : String(cause);
    throw new SlipwayError(code, { what: `Cannot read "${file}"`, why, cause });
  }
}

function offsetOf(contents: unknown, path: readonly PropertyKey[]): number {
  let node = contents;
  let offset = (node as Node | null)?.range?.[0] ?? 0;
  for (const step of path) {
    const pair = isMap(node)
      ? node.items.find(({ key }) => isScalar(key) && String(key.value) === String(step))
      : undefined;
    const next = pair?.value ?? (isSeq(node) ? node.items[Number(step)] : undefined);
    offset = ((pair?.key ?? next) as Node | null | undefined)?.range?.[0] ?? offset;
    node = next;
  }
  return offset;
}

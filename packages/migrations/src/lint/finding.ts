import type { SqlSource } from "../sql/source-position.ts";
import { positionAt } from "../sql/source-position.ts";
import type { Severity } from "./rule.ts";

/** One thing that the lint found. */
export interface LintFinding {
  /** `ML201`, or `squawk:<rule>` for a second opinion. Stable; waivers name it. */
  readonly code: string;
  readonly name: string;
  readonly severity: Severity;
  readonly file: string;
  /** From 1, columns in characters. */
  readonly line: number;
  readonly column: number;
  /** In bytes of UTF-8 from the start of the file, a byte order mark not counted. */
  readonly startByte: number;
  readonly endByte: number;
  readonly message: string;
  readonly fix: string;
  /** The waiver that allows it; then it refuses nothing. */
  readonly waiver: { readonly until: string; readonly reason: string } | null;
}

/** Places a problem in its file. */
export function placeFinding(
  { file, text }: SqlSource,
  { start, end }: { readonly start: number; readonly end: number },
): Pick<LintFinding, "file" | "line" | "column" | "startByte" | "endByte"> {
  const { line, column } = positionAt(text, start);
  const startByte = Buffer.byteLength(text.slice(0, start));
  return { file, line, column, startByte, endByte: startByte + Buffer.byteLength(text.slice(start, end)) };
}

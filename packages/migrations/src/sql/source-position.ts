/** A text of SQL and the name under which people know it. */
export interface SqlSource {
  /** File name as shown in messages: `20260101000001_products.sql`. */
  readonly file: string;
  readonly text: string;
}

/** A place in a text as editors count it: both from 1, columns in characters. */
export interface SourcePosition {
  readonly line: number;
  readonly column: number;
  /** The whole line, without its line end. */
  readonly text: string;
}

/** Finds line and column of an offset in UTF-16 units; an offset beyond the end means the end. */
export function positionAt(text: string, offset: number): SourcePosition {
  const before = text.slice(0, offset);
  const lineStart = before.lastIndexOf("\n") + 1;
  const lineEnd = text.indexOf("\n", lineStart);
  return {
    line: before.split("\n").length,
    column: [...before.slice(lineStart)].length + 1,
    text: text.slice(lineStart, lineEnd === -1 ? undefined : lineEnd).replace(/\r$/, ""),
  };
}

/** Turns a count of characters, as Postgres reports positions, into an offset in UTF-16 units. */
export function offsetOfCharacter(text: string, characters: number): number {
  let offset = 0;
  for (let seen = 0; seen < characters && offset < text.length; seen++) {
    offset += text.codePointAt(offset)! > 0xffff ? 2 : 1;
  }
  return offset;
}

const LONGEST_EXCERPT = 120;

/**
 * The place and the line for an error message.
 *
 * @example
 * describePlace({ file: "1_a.sql", text: "select 1;\nselect fro t;" }, 17);
 * // { place: "1_a.sql:2:8", excerpt: "2 | select fro t;" }
 */
export function describePlace(source: SqlSource, offset: number): { place: string; excerpt: string } {
  const { line, column, text } = positionAt(source.text, offset);
  const shown = text.length > LONGEST_EXCERPT ? `${text.slice(0, LONGEST_EXCERPT)} …` : text;
  return { place: `${source.file}:${line}:${column}`, excerpt: `${line} | ${shown.trimEnd()}` };
}

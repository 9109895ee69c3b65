const DIRECTIVE = /^--[ \t]*slipway[ \t]*:[ \t]*(.*)$/i;
// A waiver may also stand behind the statement that it is about.
const WAIVER_BEHIND = /--[ \t]*slipway[ \t]*:[ \t]*(allow\b.*)$/i;

/** A line `-- slipway: …` of a file. */
export interface DirectiveLine {
  /** What stands after the colon, trimmed. */
  readonly words: string;
  /** Where the comment starts, in UTF-16 units. */
  readonly offset: number;
  /** Whether it stands before the first statement. */
  readonly inHeader: boolean;
}

/**
 * Finds the directives of a file. A line inside a function's body or a string counts too: nobody writes one there and
 * means something else.
 */
export function directiveLines(text: string): DirectiveLine[] {
  // Most files have none, and large ones are not worth splitting to learn it.
  if (!/--[ \t]*slipway[ \t]*:/i.test(text)) return [];
  const found: DirectiveLine[] = [];
  let offset = 0;
  let inHeader = true;
  for (const line of text.split("\n")) {
    const trimmed = line.trim();
    if (trimmed !== "" && !trimmed.startsWith("--")) inHeader = false;
    const match = DIRECTIVE.exec(trimmed) ?? WAIVER_BEHIND.exec(trimmed);
    if (match !== null) {
      const place = line.indexOf(match[0]);
      found.push({ words: match[1]!.trim(), offset: offset + place, inHeader });
    }
    offset += line.length + 1;
  }
  return found;
}

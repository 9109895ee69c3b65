const BEFORE = 30;
const LONGEST = 80;

/**
 * Two definitions, each cut to where they part, on one line; `null` for equal ones.
 *
 * @example
 * wherePart("a view with 1 as n", "a view with 2 as n"); // ["a view with 1 as n", "a view with 2 as n"]
 */
export function wherePart(before: string, after: string): [string, string] | null {
  const [was, is] = [before, after].map((text) => text.replace(/\s+/g, " ").trim()) as [string, string];
  if (was === is) return null;
  let from = 0;
  while (was[from] === is[from]) from++;
  const window = (text: string) => {
    const start = from <= BEFORE ? 0 : from - BEFORE;
    const shown = text.slice(start, start + LONGEST);
    return `${start > 0 ? "…" : ""}${shown}${start + LONGEST < text.length ? "…" : ""}`;
  };
  return [window(was), window(is)];
}

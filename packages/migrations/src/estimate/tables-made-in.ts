import { bareName, NAME_PATTERN } from "../sql/bare-name.ts";

const CREATE_TABLE = new RegExp(
  `\\bcreate\\s+(?:unlogged\\s+)?table\\s+(?:if\\s+not\\s+exists\\s+)?(${NAME_PATTERN})(?:\\s*\\.\\s*(${NAME_PATTERN}))?`,
  "gi",
);

/**
 * The tables that a file makes, as `TableWork` names them, read without parsing: good enough to tell that nobody has to
 * know how large they are, and not to decide anything.
 *
 * @example
 * tablesMadeIn("create table public.orders (id int)"); // ["orders"]
 */
export function tablesMadeIn(text: string): string[] {
  return [...text.matchAll(CREATE_TABLE)].map(([, first = "", second]) => {
    const parts = [first, ...(second === undefined ? [] : [second])].map(bareName);
    return parts.length === 2 && parts[0] === "public" ? parts[1]! : parts.join(".");
  });
}

import type { z } from "zod";

/**
 * A validation error as one line: each problem with its path, unknown keys with the key that was probably
 * meant.
 */
export function explainIssues(error: z.ZodError, schema: z.ZodType): string {
  return error.issues
    .map((issue) => {
      const path = issue.path.map(String).join(".");
      if (issue.code !== "unrecognized_keys") return `${path === "" ? "" : `${path}: `}${issue.message}`;
      const known = keysAt(schema, issue.path);
      return issue.keys
        .map((key) => {
          const near = nearest(key, known);
          return `${path === "" ? key : `${path}.${key}`} is not known${near === null ? "" : `; did you mean ${near}?`}`;
        })
        .join("; ");
    })
    .join("; ");
}

/** The closest of the known words, when it is close enough to have been meant. */
export function nearest(word: string, known: readonly string[]): string | null {
  const ranked = known
    .map((candidate) => ({ candidate, distance: distance(word.toLowerCase(), candidate.toLowerCase()) }))
    .sort((a, b) => a.distance - b.distance);
  const [best] = ranked;
  return best !== undefined && best.distance <= Math.max(2, Math.floor(word.length / 3))
    ? best.candidate
    : null;
}

function keysAt(schema: z.ZodType, path: readonly PropertyKey[]): string[] {
  let at: unknown = schema;
  for (const step of path) {
    const { shape, valueType, element } = definition(at);
    at = shape?.[String(step)] ?? valueType ?? element;
  }
  return Object.keys(definition(at).shape ?? {});
}

interface Definition {
  readonly shape?: Record<string, unknown>;
  readonly valueType?: unknown;
  readonly element?: unknown;
  readonly innerType?: unknown;
}

// Optional and described schemas wrap the one that has the keys.
function definition(schema: unknown): Definition {
  const found = (schema as { def?: Definition } | undefined)?.def ?? {};
  return found.innerType === undefined ? found : definition(found.innerType);
}

// Levenshtein's distance, one row at a time.
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const substituted = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next[j] = Math.min(substituted, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1);
    }
    row = next;
  }
  return row[b.length] ?? 0;
}

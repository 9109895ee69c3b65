import { closestWord } from "@slipway/kernel";
import type { z } from "zod";

type Path = readonly PropertyKey[];
type Issue = z.core.$ZodIssue;

/** What an explanation may know beside the schema. */
export interface Explanation {
  /** Keys that are refused for a reason of their own, by name at the top level. */
  readonly reserved?: Readonly<Record<string, string>>;
  /** The line that a path is written on, where the source has lines. */
  readonly lineOf?: (path: Path) => number | null;
}

/**
 * A validation error as one line: every problem with its path, its line where there is one, and for an
 * unknown key the one that was probably meant.
 *
 * @example
 * explainIssues(error, schema, value); // `rollout.stpes is not known: did you mean steps?; port must be a number, is "80"`
 */
export function explainIssues(
  error: z.ZodError,
  schema: z.ZodType,
  value: unknown,
  { reserved = {}, lineOf = () => null }: Explanation = {},
): string {
  const problems = error.issues.flatMap((issue) => explainIssue(issue, schema, value, []));
  return problems
    .map(({ path, text }) => {
      const line = lineOf(path);
      const reason = path.length === 1 ? reserved[String(path[0])] : undefined;
      const where = line === null ? "" : `line ${line}: `;
      return `${where}${[pathText(path), reason ?? text].filter((part) => part !== "").join(" ")}`;
    })
    .join("; ");
}

interface Problem {
  readonly path: Path;
  readonly text: string;
}

function explainIssue(issue: Issue, schema: unknown, value: unknown, above: Path): Problem[] {
  const path = [...above, ...issue.path];
  const found = valueAt(value, issue.path);
  if (issue.code === "unrecognized_keys") {
    const known = Object.keys(definitionAt(schema, issue.path).shape ?? {});
    return issue.keys.map((key) => {
      const near = closestWord(key, known);
      return { path: [...path, key], text: `is not known${near === null ? "" : `: did you mean ${near}?`}` };
    });
  }
  if (issue.code === "invalid_union") {
    const meant = meantOption(issue, definitionAt(schema, issue.path).options ?? []);
    if (meant !== null)
      return meant.issues.flatMap((inner) => explainIssue(inner, meant.option, found, path));
  }
  // A key's own problem is told at the key, in the words of its schema.
  if (issue.code === "invalid_key") return [{ path, text: issue.issues[0]?.message ?? issue.message }];
  if (found === undefined && issue.code === "invalid_type") return [{ path, text: "is missing" }];
  if (issue.code === "invalid_type" && issue.message.startsWith("Invalid input")) {
    return [{ path, text: `must be ${typeNames[issue.expected] ?? issue.expected}, is ${show(found)}` }];
  }
  return [{ path, text: issue.message }];
}

// Of the options of a union, the only one that the value has the right type for was meant.
function meantOption(issue: Issue & { code: "invalid_union" }, options: readonly unknown[]) {
  const possible = issue.errors.flatMap((issues, index) =>
    issues.some(({ code, path }) => code === "invalid_type" && path.length === 0)
      ? []
      : [{ issues, option: options[index] }],
  );
  return possible.length === 1 ? possible[0]! : null;
}

const typeNames: Readonly<Record<string, string>> = {
  string: "a text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  array: "a list",
  object: "a map",
  record: "a map",
};

function show(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}

function pathText(path: Path): string {
  return path.reduce<string>(
    (text, step) =>
      typeof step === "number" ? `${text}[${step}]` : `${text}${text === "" ? "" : "."}${String(step)}`,
    "",
  );
}

function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (at, step) => (at as Record<PropertyKey, unknown> | null | undefined)?.[step],
    value,
  );
}

interface Definition {
  readonly shape?: Readonly<Record<string, unknown>>;
  readonly valueType?: unknown;
  readonly element?: unknown;
  readonly innerType?: unknown;
  readonly options?: readonly unknown[];
}

function definitionAt(schema: unknown, path: Path): Definition {
  let at = schema;
  for (const step of path) {
    const { shape, valueType, element } = definition(at);
    at = shape?.[String(step)] ?? valueType ?? element;
  }
  return definition(at);
}

// Optional and described schemas wrap the one that has the keys.
function definition(schema: unknown): Definition {
  const found = (schema as { def?: Definition } | undefined)?.def ?? {};
  return found.innerType === undefined ? found : definition(found.innerType);
}

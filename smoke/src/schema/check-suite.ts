import { SlipwayError } from "@slipway/kernel";
import jsonSchema from "../../schema.json" with { type: "json" };
import { isStandard } from "../checks/body-schema.ts";
import type { Suite } from "../definition/suite.ts";
import { type JsonSchema, type Problem, validate } from "./validate.ts";

/** Where a place in a suite stands in its file, for messages: `line 12`. */
export type Locate = (path: Problem["path"]) => string;

/**
 * Checks that a value is a suite: every key known, every value of its type. Validators and flows of a
 * TypeScript suite are let through.
 *
 * @throws {SlipwayError} SMOKE_INVALID naming every problem, up to five.
 * @example
 * const suite = checkSuite(JSON.parse(text), "smoke.json");
 */
export function checkSuite(value: unknown, name: string, locate: Locate = () => ""): Suite {
  const problems = validate(withoutCode(value), jsonSchema as JsonSchema);
  if (problems.length === 0) return value as Suite;
  const lines = problems.slice(0, 5).map(({ path, message }) => {
    const at = locate(path);
    const what = path.length === 0 ? "the suite" : pathText(path);
    return `${at === "" ? "" : `${at}: `}${what} ${message}`;
  });
  const more = problems.length > 5 ? ` (and ${problems.length - 5} more)` : "";
  throw new SlipwayError("SMOKE_INVALID", {
    what: `Cannot read the smoke suite ${name}`,
    why: `${lines.join("; ")}${more}`,
    todo: "Correct the named keys; slipway-smoke schema prints what is allowed",
  });
}

/** A copy in which the parts that only TypeScript can write are what the JSON Schema knows. */
function withoutCode(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutCode);
  if (typeof value !== "object" || value === null) return value;
  if (isStandard(value)) return {};
  if ("kind" in value && value.kind === "flow" && "run" in value && typeof value.run === "function") {
    const { run: _run, kind: _kind, mutating: _mutating, ...base } = value as Record<string, unknown>;
    return { ...base, kind: "http" };
  }
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, withoutCode(member)]));
}

function pathText(path: Problem["path"]): string {
  return path
    .map((key, at) => (typeof key === "number" ? `[${key}]` : `${at === 0 ? "" : "."}${key}`))
    .join("");
}

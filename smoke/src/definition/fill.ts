import { CheckFailure } from "../engine/check-failure.ts";
import type { Expected } from "./expected.ts";
import type { Suite } from "./suite.ts";

/** What `${…}` may stand for in a suite. */
export interface FillScope {
  readonly env: (name: string) => string | undefined;
  readonly runId: string;
  readonly expected: Expected | undefined;
  /** Told every secret as it is read. */
  readonly secret: (value: string) => void;
}

/**
 * Puts values in the place of `${NAME}` (a declared environment variable), `${run.id}` and
 * `${expected.release}` in every text of a suite. `$${` is a plain `${`, and `${capture.…}` is left for
 * the clean-up.
 *
 * @throws {CheckFailure} of class `configuration` for a name that is not declared or not set.
 */
export function fillSuite(suite: Suite, scope: FillScope): Suite {
  const declared = suite.env ?? {};
  const lookUp = (name: string): string | undefined => {
    if (name.startsWith("capture.")) return undefined;
    if (name === "run.id") return scope.runId;
    if (name.startsWith("expected.")) return expectedValue(scope.expected, name);
    const sort = Object.hasOwn(declared, name) ? declared[name] : undefined;
    if (sort === undefined) {
      throw misconfigured(`\${${name}} is not declared: add it to env as secret or plain`);
    }
    const value = scope.env(name);
    if (value === undefined || value === "")
      throw misconfigured(`the environment variable ${name} is not set`);
    if (sort === "secret") scope.secret(value);
    return value;
  };
  return { ...suite, services: fill(suite.services ?? {}, lookUp), checks: fill(suite.checks, lookUp) };
}

/** Fills the texts of a value; `undefined` from `lookUp` leaves the place as it is. */
export function fill<T>(value: T, lookUp: (name: string) => string | undefined): T {
  if (typeof value === "string") {
    if (!value.includes("${")) return value;
    const filled = value.replace(
      /\$(\$\{)|\$\{([^}]*)\}/g,
      (whole, plain: string | undefined, name: string) =>
        plain === undefined ? (lookUp(name.trim()) ?? whole) : plain,
    );
    return filled as T;
  }
  if (Array.isArray(value)) return value.map((item) => fill(item, lookUp)) as T;
  // Validators and functions of a TypeScript suite are not data: only plain objects are looked into.
  if (typeof value !== "object" || value === null || Object.getPrototypeOf(value) !== Object.prototype) {
    return value;
  }
  if ("~standard" in value) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, fill(member, lookUp)])) as T;
}

function expectedValue(expected: Expected | undefined, name: string): string {
  let value: unknown = { expected };
  for (const key of name.split(".")) {
    value = typeof value === "object" && value !== null ? (value as Record<string, unknown>)[key] : undefined;
  }
  if (typeof value === "string" || typeof value === "number") return String(value);
  throw misconfigured(`\${${name}} is not among what is expected`);
}

function misconfigured(message: string): CheckFailure {
  return new CheckFailure("configuration", message);
}

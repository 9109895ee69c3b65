import type { HttpCheck } from "../definition/http-checks.ts";
import type { Check, Suite } from "../definition/suite.ts";

/** A suite made of something else, and what of it could not be carried over. */
export interface Imported {
  readonly suite: Suite;
  readonly unmapped: readonly Unmapped[];
}

/** One thing that has no place in a suite. */
export interface Unmapped {
  /** Where it stands: `line 12`, `POST /orders`. */
  readonly where: string;
  readonly why: string;
}

/** A check while it is put together. */
export type Draft<T> = { -readonly [K in keyof T]: T[K] };
export type HttpDraft = Draft<HttpCheck>;

/** Gives every check a name of its own, by adding a number where two have the same. */
export function withUniqueNames(checks: readonly Check[]): Check[] {
  const seen = new Map<string, number>();
  return checks.map((check) => {
    if (check.name === undefined) return check;
    const count = (seen.get(check.name) ?? 0) + 1;
    seen.set(check.name, count);
    return count === 1 ? check : { ...check, name: `${check.name} (${count})` };
  });
}

/** `{{name}}` placeholders as `${NAME}`, and the environment variables that they stand for. */
export function placeholders(known: Readonly<Record<string, string>> = {}) {
  const env: Record<string, "secret" | "plain"> = {};
  const secretName = /token|secret|password|key|auth/i;
  return {
    env,
    fill: (text: string) =>
      text.replace(/\{\{\s*([^}]+?)\s*\}\}/g, (_all, name: string) => {
        const value = known[name];
        if (value !== undefined && value !== "" && !secretName.test(name)) return value;
        const variable = name.replace(/\W/g, "_").toUpperCase();
        env[variable] = secretName.test(name) ? "secret" : "plain";
        return `\${${variable}}`;
      }),
  };
}

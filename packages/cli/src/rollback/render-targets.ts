import { age } from "../age.ts";
import { renderTable } from "../render-table.ts";
import type { RollbackTarget } from "./rollback-targets.ts";

/** The list of releases to go back to, for people. */
export function renderTargets(environment: string, targets: readonly RollbackTarget[], now: number): string {
  if (targets.length === 0)
    return `no release passed in ${environment} yet\n  first: slipway up --env ${environment}`;
  const rows = targets.map(({ version, verifiedAt, current, undo, problem }) => [
    version,
    age(verifiedAt, now),
    current ? "wanted now" : (problem ?? "verified"),
    undone(undo),
  ]);
  const table = renderTable(["release", "passed", "state", "migrations undone"], rows);
  return `${table}\n\ngo back: slipway rollback <release> --env ${environment}`;
}

function undone(ids: readonly string[]): string {
  const [first, ...others] = ids;
  if (first === undefined) return "none";
  const last = others.at(-1);
  return last === undefined ? first : `${ids.length}: ${first} to ${last}`;
}

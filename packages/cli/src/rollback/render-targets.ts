import { age } from "../age.ts";
import { renderTable } from "../render-table.ts";
import type { RollbackTarget } from "./rollback-targets.ts";

/** The list of releases to go back to, for people. */
export function renderTargets(environment: string, targets: readonly RollbackTarget[], now: number): string {
  if (targets.length === 0)
    return `no release passed in ${environment} yet\n  first: slipway up --env ${environment}`;
  const rows = targets.map((target) => [
    target.version,
    age(target.verifiedAt, now),
    stateOf(target),
    undone(target.undo),
  ]);
  const table = renderTable(["release", "passed", "state", "migrations undone"], rows);
  return `${table}\n\ngo back: slipway rollback <release> --env ${environment}`;
}

function stateOf({ current, problem, lossy }: RollbackTarget): string {
  if (current) return "wanted now";
  return problem ?? (lossy.length === 0 ? "verified" : "verified, may lose data");
}

function undone(ids: readonly string[]): string {
  const [first, ...others] = ids;
  if (first === undefined) return "none";
  const last = others.at(-1);
  return last === undefined ? first : `${ids.length}: ${first} to ${last}`;
}

import { escapeIdentifier } from "pg";
import { type Policy, type PolicyFacts, policyKey } from "./exercised-policies.ts";

/** One change of a policy that a test has to notice. */
export interface PolicyMutation {
  readonly policy: string;
  /** `removed`: dropped. `opened`: lets everything through. */
  readonly change: "removed" | "opened";
  readonly sql: string;
}

/**
 * The changes of policies that good tests notice. Without a permissive policy something is refused that was let
 * through; opened, something is let through that was refused. A restrictive one that is removed is open. A policy that
 * lets everything through already cannot be opened.
 */
export function policyMutations(policies: readonly (Policy & PolicyFacts)[]): PolicyMutation[] {
  return policies.flatMap((policy) => {
    const name = `${escapeIdentifier(policy.name)} on ${policy.table}`;
    const removed = { policy: policyKey(policy), change: "removed", sql: `drop policy ${name}` } as const;
    if (!policy.permissive || isOpen(policy)) return [removed];
    const using = policy.command === "a" ? "" : " using (true)";
    const check = policy.command === "r" || policy.command === "d" ? "" : " with check (true)";
    return [
      removed,
      { policy: policyKey(policy), change: "opened", sql: `alter policy ${name}${using}${check}` } as const,
    ];
  });
}

const isOpen = ({ using, check }: PolicyFacts): boolean =>
  [using, check].every((expression) => expression === null || expression === "true");

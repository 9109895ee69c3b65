import type { Verdict } from "@slipway/kernel";
import type { Suite } from "../definition/suite.ts";
import type { CheckReport, Counts } from "./report.ts";

/** Sums a run up for people: what happened as one sentence, and the next step. */
export function conclusion(
  suite: Suite,
  verdict: Verdict,
  counts: Counts,
  checks: readonly CheckReport[],
  problem: string | undefined,
): { sentence: string; next: string } {
  const name =
    suite.expected?.release === undefined ? (suite.name ?? "The suite") : `Release ${suite.expected.release}`;
  if (problem !== undefined) {
    return { sentence: `Nothing was checked: ${problem}.`, next: "Correct the suite, then run it again." };
  }
  const warned = counts.warned === 0 ? "" : `; ${counts.warned} optional did not pass`;
  if (verdict === "pass") {
    const retried = counts.retried === 0 ? "" : `, ${counts.retried} of them only after a retry`;
    return {
      sentence: `${name} passed ${counts.checks - counts.warned} of ${counts.checks} checks${retried}${warned}.`,
      next: counts.warned === 0 ? "Nothing to do." : "Look at the optional checks that did not pass.",
    };
  }
  // The one that decided: where one check is an error and another failed, the run is an error.
  const first = checks.find((check) => !check.optional && check.verdict === verdict);
  if (first === undefined) {
    return {
      sentence: `${name} has only optional checks, which prove nothing.`,
      next: "Make at least one check critical.",
    };
  }
  const others = counts.failed > 1 ? ` (and ${counts.failed - 1} more)` : "";
  return {
    sentence: `${name} did not pass (${verdict}): ${first.name}: ${first.message}${others}${warned}.`,
    next: nextStep(first),
  };
}

function nextStep({ failure, name }: CheckReport): string {
  switch (failure) {
    case "network":
      return `Start the service behind ${JSON.stringify(name)} or correct its address, then run again.`;
    case "timeout":
      return "Look at the service's log for what it waits for, or give the run a longer deadline.";
    case "tls":
      return "Renew or correct the certificate, then run again.";
    case "unavailable":
    case "unhealthy":
      return "Look at the service's log: it answers and says that it is not well.";
    case "interrupted":
      return "Run again: a stopped run proves nothing.";
    case "configuration":
      return `Correct the check ${JSON.stringify(name)}, then run again.`;
    case "no-data":
      return `Find out why there was nothing to judge in ${JSON.stringify(name)}.`;
    default:
      return "Find out why the service answers otherwise; do not give it traffic until then.";
  }
}

import type { RunView } from "@slipway/ledger";
import { age } from "../age.ts";
import { renderTable } from "../render-table.ts";

/** The runs for people. The last column is why a run failed, or else the reason that was given for it. */
export function renderHistory(environment: string, runs: readonly RunView[], now: number): string {
  if (runs.length === 0) return `no runs in ${environment} yet\n  first: slipway up --env ${environment}`;
  const rows = runs.map(({ id, openedAt, fromRelease, release, outcome, stage, actor, error, reason }) => [
    String(id),
    age(openedAt, now),
    fromRelease === null || fromRelease === release ? release : `${fromRelease} -> ${release}`,
    outcome ?? `running (${stage})`,
    actor,
    (error ?? reason ?? "").split("\n")[0] ?? "",
  ]);
  return renderTable(["run", "when", "release", "outcome", "by", "why"], rows);
}

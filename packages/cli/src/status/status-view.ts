import { renderError, type SlipwayError } from "@slipway/kernel";
import type { AuditHead, LedgerSnapshot } from "@slipway/ledger";
import type { RunningInstance, TrafficState } from "@slipway/targets";
import type { PlanView } from "../plan/plan-view.ts";
import { type ErrorView, errorView } from "../report-error.ts";

/** What an environment is, as JSON. Additive only. */
export interface StatusView {
  readonly environment: string;
  readonly pin: string;
  readonly verified: string | null;
  /** Whether nothing would have to change for the pin. */
  readonly agrees: boolean;
  readonly reasons: readonly string[];
  /** Why the pin or the database cannot be used, if it cannot. */
  readonly problem: ErrorView | null;
  readonly url: string | null;
  readonly schemaHead: string | null;
  readonly database: "absent" | "ready" | "unreachable";
  readonly instances: readonly InstanceView[];
  readonly lease: { readonly owner: string; readonly reason: string; readonly since: string } | null;
  readonly auditHead: AuditHead | null;
}

interface InstanceView {
  readonly id: string;
  readonly service: string;
  readonly version: string;
  readonly address: string;
  readonly alive: boolean;
  /** Its share of the service's traffic, in percent. */
  readonly weight: number;
}

/** What a status is made from. */
export interface StatusFacts {
  readonly pin: string;
  readonly plan: PlanView | null;
  readonly problem: SlipwayError | null;
  readonly database: StatusView["database"];
  /** Null while the database cannot be reached. */
  readonly ledger: LedgerSnapshot | null;
  readonly instances: readonly RunningInstance[];
  readonly traffic: TrafficState;
}

/** Puts a status together. */
export function statusView(facts: StatusFacts, environment: string): StatusView {
  const { pin, plan, problem, database, ledger, instances, traffic } = facts;
  const weights = new Map(
    traffic.routes.flatMap(({ backends }) => backends).map(({ instance, weight }) => [instance, weight]),
  );
  const lease = ledger?.lease;
  return {
    environment,
    pin,
    verified: ledger?.verified?.release ?? null,
    agrees: plan !== null && !plan.change,
    reasons: plan?.reasons ?? [],
    problem: problem === null ? null : errorView(problem),
    url: traffic.running ? traffic.address : null,
    schemaHead: ledger?.applied.at(-1)?.id ?? null,
    database,
    instances: instances.map(({ id, service, version, address, alive }) => ({
      id,
      service,
      version,
      address,
      alive,
      weight: weights.get(id) ?? 0,
    })),
    lease: lease?.live ? { owner: lease.owner, reason: lease.reason, since: lease.acquiredAt } : null,
    auditHead: ledger?.auditHead ?? null,
  };
}

/** The status for people. */
export function renderStatus(status: StatusView, problem: SlipwayError | null = null): string {
  const { environment, auditHead, lease } = status;
  const unknown = status.database === "unreachable" ? "unknown" : null;
  const lines = [
    `environment  ${environment}`,
    `pin          ${status.pin}`,
    `verified     ${unknown ?? status.verified ?? "nothing yet"}`,
    `served at    ${status.url ?? "nowhere: the router does not run"}`,
    `schema head  ${unknown ?? status.schemaHead ?? "none"}`,
    `audit head   ${unknown ?? headText(auditHead)}`,
    ...status.instances.map(
      ({ id, address, alive, weight }) => `instance     ${id}  ${alive ? address : "dead"}  ${weight} %`,
    ),
    ...(lease === null ? [] : [`held by      ${lease.owner} since ${lease.since}: ${lease.reason}`]),
  ];
  if (problem !== null) {
    const verdict = unknown === null ? "not as pinned" : "not known to be as pinned";
    return [...lines, `${verdict}: ${renderError(problem)}`].join("\n");
  }
  const verdict = status.agrees
    ? "as pinned"
    : `not as pinned: ${status.reasons.join("; ")}\n  do: slipway up --env ${environment}`;
  return [...lines, verdict].join("\n");
}

const headText = (head: AuditHead | null): string => (head === null ? "none" : `${head.seq}:${head.hash}`);

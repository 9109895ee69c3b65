import { hostname, userInfo } from "node:os";
import type { Lease } from "@slipway/ledger";
import { processIdentity } from "@slipway/targets";

/** Who holds the lease: the process that does the work, not the command that started it. */
export interface LeaseOwner {
  readonly owner: string;
  readonly pid: number;
  readonly host: string;
  /** When the process started, in the form the operating system tells it: pids are used again. */
  readonly processStart: string;
}

/** This process as the owner of a lease. */
export function thisProcess(): LeaseOwner {
  return {
    owner: `${actor()} (pid ${process.pid} on ${hostname()})`,
    pid: process.pid,
    host: hostname(),
    processStart: processIdentity(process.pid) ?? "",
  };
}

/** Who acts, for the audit: SLIPWAY_ACTOR where a pipeline sets it, or else the system's user. */
export function actor(): string {
  return process.env.SLIPWAY_ACTOR ?? `${userInfo().username}@${hostname()}`;
}

/**
 * True when the lease's holder ran on this very host and its process is gone: nobody can be at work then,
 * and waiting for the lease to expire would only cost time. On other hosts only the expiry can tell.
 */
export function isLeaseOfDeadProcess({ host, pid, processStart }: Lease): boolean {
  return host !== null && pid !== null && processStart !== null && isDeadProcess({ host, pid, processStart });
}

/** True when a process ran on this very host and is gone. */
export function isDeadProcess({ host, pid, processStart }: Omit<LeaseOwner, "owner">): boolean {
  return host === hostname() && processIdentity(pid) !== processStart;
}

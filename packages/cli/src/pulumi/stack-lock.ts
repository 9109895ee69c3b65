import { hostname } from "node:os";
import { isLeaseOfDeadProcess } from "@slipway/environment";
import type { LedgerSnapshot } from "@slipway/ledger";
import { processIdentity } from "@slipway/targets";

/** Who holds Pulumi's lock of a stack, as Pulumi says. */
export interface StackLock {
  readonly user: string;
  readonly host: string;
  readonly pid: number;
  /** ISO 8601, to the second. */
  readonly since: string;
}

const LOCKED = /the stack is currently locked by[\s\S]*?created by (.+)@(\S+) \(pid (\d+)\) at (\S+)/;

/** Reads the lock's holder from Pulumi's refusal; null when that is not what Pulumi said. */
export function parseStackLock(output: string): StackLock | null {
  const [, user, host, pid, since] = LOCKED.exec(output) ?? [];
  if (user === undefined || host === undefined || since === undefined) return null;
  return { user, host, pid: Number(pid), since };
}

/**
 * Whether the lock is certainly that of a run that is gone, so that it may be taken away. A run without a
 * lease may only wait for an answer at its preview: then its process decides, and on another host the
 * ledger, which knows the run that was opened under the lock and never ended.
 */
export function isLockOfDeadRun(
  lock: StackLock,
  { lease, run }: Pick<LedgerSnapshot, "lease" | "run">,
  here: { readonly host: string; isAlive(pid: number): boolean } = thisHost,
): boolean {
  if (lease?.live && !isLeaseOfDeadProcess(lease)) return false;
  if (lock.host === here.host) return !here.isAlive(lock.pid);
  return run !== null && run.outcome === null && Date.parse(run.openedAt) >= Date.parse(lock.since);
}

const thisHost = { host: hostname(), isAlive: (pid: number) => processIdentity(pid) !== null };

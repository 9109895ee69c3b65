import type { LedgerIdentity } from "./ledger-identity.ts";

/** When a migration runs: `expand` before the new app starts, `contract` after the old one has stopped. */
export type Phase = "expand" | "contract";

/** What undoing a migration costs. */
export type Kind = "lossless" | "lossy" | "irreversible";

/** How far a run has come. */
export type Stage = "opened" | "schema" | "services" | "smoke" | "traffic" | "settled";

/** How a run ended. */
export type Outcome = "verified" | "failed" | "rolled-back";

/** A migration that is applied. Its SQL stays in the database: see `readStoredMigrations`. */
export interface AppliedMigration {
  readonly id: string;
  /** Its place in the order of application, from 1 without a gap. */
  readonly ordinal: number;
  readonly release: string;
  readonly phase: Phase;
  readonly kind: Kind;
  /** 64 hexadecimal characters. */
  readonly upSha256: string;
  /** Null only for an irreversible one. */
  readonly downSha256: string | null;
  /** ISO 8601, UTC, microseconds, as every time in the ledger; by the database's clock. */
  readonly appliedAt: string;
  readonly appliedBy: string;
  readonly run: number | null;
  readonly fingerprintBefore: string | null;
  readonly fingerprintAfter: string | null;
  /** What a squashed one stands for, in their order; null for any other, left out by a ledger before step 21. */
  readonly replaces?:
    | readonly { readonly id: string; readonly upSha256: string; readonly downSha256: string | null }[]
    | null;
}

/** The release that the environment is to have. */
export interface WantedRelease {
  readonly release: string;
  readonly digest: string;
  readonly attempt: number;
  readonly setAt: string;
  readonly setBy: string;
}

/** One attempt to bring the environment to a release, as the ledger wrote it down. */
export interface Run {
  readonly id: number;
  readonly attempt: number;
  readonly release: string;
  readonly digest: string;
  readonly fromRelease: string | null;
  readonly direction: "forward" | "back" | "same";
  readonly actor: string;
  readonly reason: string | null;
  readonly openedAt: string;
  readonly stage: Stage;
  /** Null while it runs, and for ever when its process was killed. */
  readonly outcome: Outcome | null;
  readonly endedAt: string | null;
  readonly error: string | null;
  readonly leaseToken: number;
}

/** The newest run that passed. */
export interface VerifiedRun {
  readonly release: string;
  readonly digest: string;
  readonly attempt: number;
  readonly at: string;
}

/** A running copy of a service, as last written down. */
export interface InstanceRow {
  readonly id: string;
  readonly service: string;
  readonly version: string;
  readonly release: string;
  /** Digest of what shapes the process. */
  readonly settings: string;
  readonly artifact: string;
  readonly build: string;
  readonly address: string | null;
  readonly state: "starting" | "ready" | "stopping" | "stopped";
  readonly startedAt: string;
}

/** The share of a service's traffic that an instance gets, in percent. */
export interface TrafficRow {
  readonly service: string;
  readonly instance: string;
  readonly weight: number;
}

/** Who writes to the environment, and until when unless heard again. */
export interface Lease {
  readonly owner: string;
  readonly reason: string;
  readonly token: number;
  readonly acquiredAt: string;
  readonly heartbeatAt: string;
  readonly expiresAt: string;
  /** Whether it had not expired when it was read, by the database's clock. */
  readonly live: boolean;
  readonly pid: number | null;
  readonly host: string | null;
  readonly processStart: string | null;
}

/** The newest event of the audit. Kept outside the database, it gives away a chain that was rewritten. */
export interface AuditHead {
  readonly seq: number;
  /** 64 hexadecimal characters. */
  readonly hash: string;
}

/** Everything that a plan is made from, of one instant. */
export interface LedgerSnapshot {
  /** Version of the ledger's own schema; 0 when the database has none. */
  readonly version: number;
  readonly identity: LedgerIdentity | null;
  readonly wanted: WantedRelease | null;
  /** The newest run. */
  readonly run: Run | null;
  readonly verified: VerifiedRun | null;
  /** By ordinal. */
  readonly applied: readonly AppliedMigration[];
  /** Those that are not stopped, by id. */
  readonly instances: readonly InstanceRow[];
  readonly traffic: readonly TrafficRow[];
  /** Null when nobody holds it; expired ones are shown, with `live` false. */
  readonly lease: Lease | null;
  readonly auditHead: AuditHead | null;
}

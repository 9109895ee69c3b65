import type { Json } from "@slipway/kernel";

/** One event of the audit. Its hash covers every other field, and through `prev` every event before it. */
export interface AuditEvent {
  /** From 1, without a gap. */
  readonly seq: number;
  /** ISO 8601, UTC, microseconds, by the database's clock. */
  readonly at: string;
  readonly actor: string;
  readonly run: number | null;
  /** What happened: `run.opened`, `migration.applied`, `traffic.shifted`. */
  readonly kind: string;
  /** What it happened to: a release, a migration, an instance. */
  readonly subject: string | null;
  /** Strings, integers, booleans, null, arrays and objects. */
  readonly data: Json;
  /** Hash of the event before; 64 zeros for the first. */
  readonly prev: string;
  /** SHA-256, 64 hexadecimal characters, over the canonical JSON of the event without this field. */
  readonly hash: string;
}

import type { Kind, Phase } from "@slipway/ledger";
import type { ReplacedMigration } from "./plan/match-chains.ts";
import type { Late } from "./read/late.ts";

export type { Kind, Phase };

/** One schema change as it lies on disk: the up SQL and the SQL that undoes it. */
export interface Migration {
  /** The file name without `.sql`: `20260101000001_products`. */
  readonly id: string;
  /** The leading digits, as written: `20260101000001`. */
  readonly version: string;
  readonly name: string;
  /** SQL text without a byte order mark. */
  readonly up: string;
  /** Rollback SQL; `null` only when the migration is irreversible. */
  readonly down: string | null;
  /** 64 hexadecimal characters over the file's bytes as they are on disk. */
  readonly upSha256: string;
  readonly downSha256: string | null;
  /** `expand`: the older app tolerates it. `contract`: it runs only after the older app has stopped. */
  readonly phase: Phase;
  /** What undoing it costs. Read from the rollback SQL unless a directive says otherwise. */
  readonly kind: Kind;
  /** The author's words, when a directive decided the kind. */
  readonly reason: string | null;
  /** Set where it is applied after a migration with a higher version. */
  readonly late?: Late | undefined;
  /** Why versions before it are missing, where some are. */
  readonly gap?: string | undefined;
  /** Set where its release was cut without a proof of the rollback. */
  readonly unproved?: { readonly reason: string; readonly until: string | null } | undefined;
  /** The released migrations that this one was squashed from, in their order; left out for any other. */
  readonly replaces?: readonly ReplacedMigration[];
}

/** The file that holds a migration's up SQL, relative to the migrations folder. */
export function upFile(id: string): string {
  return `${id}.sql`;
}

/** The file that holds a migration's rollback SQL, relative to the migrations folder. */
export function downFile(id: string): string {
  return `rollbacks/${id}.sql`;
}

/**
 * Orders migrations by the number their id starts with, so that `9_a` comes before `10_b`. Versions may have
 * more digits than a number holds.
 */
export function compareVersions(a: string, b: string): number {
  const left = significantDigits(a);
  const right = significantDigits(b);
  if (left.length !== right.length) return left.length - right.length;
  return left < right ? -1 : left > right ? 1 : 0;
}

function significantDigits(id: string): string {
  return (/^\d+/.exec(id)?.[0] ?? "").replace(/^0+/, "");
}

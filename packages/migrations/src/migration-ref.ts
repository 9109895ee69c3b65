import type { Kind, Migration, Phase } from "./migration.ts";
import type { PlannedMigration } from "./plan/plan-schema.ts";
import type { Late } from "./read/late.ts";

/** A migration as a release's manifest names it: by digests, without its SQL. */
export interface MigrationRef {
  readonly id: string;
  /** `sha256:<hex>` of the up file. */
  readonly up: string;
  /** `sha256:<hex>` of the rollback file; `null` when the migration is irreversible. */
  readonly down: string | null;
  readonly phase: Phase;
  readonly kind: Kind;
  /** Why the release was cut without a proof of the rollback, and until when that was allowed. */
  readonly unproved?: { readonly reason: string; readonly until: string | null } | undefined;
  /** Why it is applied after a migration with a higher version. */
  readonly late?: Late | undefined;
  /** Why versions before it are missing. */
  readonly gap?: string | undefined;
}

/** What the manifest records of a migration. */
export function migrationRef({ id, upSha256, downSha256, phase, kind, late, gap }: Migration): MigrationRef {
  const down = downSha256 === null ? null : `sha256:${downSha256}`;
  return { id, up: `sha256:${upSha256}`, down, phase, kind, ...(late && { late }), ...(gap && { gap }) };
}

/** What {@link planSchema} compares, taken from a manifest. */
export function plannedMigration({ id, up, down, phase, late }: MigrationRef): PlannedMigration {
  const hex = (digest: string) => digest.replace(/^sha256:/, "");
  return {
    id,
    phase,
    upSha256: hex(up),
    downSha256: down === null ? null : hex(down),
    ...(late && { late: true }),
  };
}

import type { Kind, Migration, Phase } from "./migration.ts";
import type { ReplacedMigration } from "./plan/match-chains.ts";
import type { PlannedMigration } from "./plan/planned-migration.ts";
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
  /** The released migrations that a squashed one stands for, in their order. */
  readonly replaces?: Pick<MigrationRef, "id" | "up" | "down">[] | undefined;
}

/** What the manifest records of a migration. */
export function migrationRef({ phase, kind, late, gap, replaces, ...migration }: Migration): MigrationRef {
  return {
    ...digestsOf(migration),
    phase,
    kind,
    ...(late && { late }),
    ...(gap && { gap }),
    ...(replaces && { replaces: replaces.map(digestsOf) }),
  };
}

/** What {@link planSchema} compares, taken from a manifest. */
export function plannedMigration({ phase, late, replaces, ...ref }: MigrationRef): PlannedMigration {
  return {
    ...checksumsOf(ref),
    phase,
    ...(late && { late: true }),
    ...(replaces && { replaces: replaces.map(checksumsOf) }),
  };
}

/** A migration's checksums, taken from its digests in a manifest. */
export function checksumsOf({ id, up, down }: Pick<MigrationRef, "id" | "up" | "down">): ReplacedMigration {
  const hex = (digest: string) => digest.replace(/^sha256:/, "");
  return { id, upSha256: hex(up), downSha256: down === null ? null : hex(down) };
}

function digestsOf({
  id,
  upSha256,
  downSha256,
}: ReplacedMigration): Pick<MigrationRef, "id" | "up" | "down"> {
  return { id, up: `sha256:${upSha256}`, down: downSha256 === null ? null : `sha256:${downSha256}` };
}

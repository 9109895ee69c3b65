import type { Phase } from "../migration.ts";
import type { ReplacedMigration } from "./match-chains.ts";

/** What planning needs of a migration, applied or wanted. */
export interface PlannedMigration {
  readonly id: string;
  readonly phase: Phase;
  readonly upSha256: string;
  readonly downSha256: string | null;
  /** Whether its release says that it comes after a migration with a higher version. */
  readonly late?: unknown;
  /** The single migrations that a squashed one stands for; nothing for any other. */
  readonly replaces?: readonly ReplacedMigration[] | null | undefined;
}

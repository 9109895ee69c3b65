import type { Phase } from "../migration.ts";
import { matchChains } from "./match-chains.ts";
import type { PlannedMigration } from "./planned-migration.ts";
import { type SchemaBlock, schemaBlock } from "./schema-block.ts";

/** What one run does to the schema. All ids; undone ones newest first. */
export interface SchemaPlan {
  /** Applied and wanted: left alone. */
  readonly common: readonly string[];
  /** Forward: `expand` before the new app starts, `contract` after the old app has stopped. */
  readonly apply: { readonly expand: readonly string[]; readonly contract: readonly string[] };
  /** Back: `contract` before the older app starts, `expand` after the newer app has stopped. */
  readonly undo: { readonly contract: readonly string[]; readonly expand: readonly string[] };
  /** Set: the run is refused, and the lists say what would have to happen over several runs. */
  readonly blocked: SchemaBlock | null;
}

/**
 * Plans the way from the applied migrations to those a release wants. The order of the list is the order of application,
 * always, and so a plan is possible only when running `expand` before `contract` (forward), or undoing `contract`
 * before `expand` (back), keeps that order. What an interrupted run left behind is a prefix like any other. A squashed
 * migration counts as those that it replaces, on both sides; where only some of them are there, the plan is blocked.
 *
 * @param applied in the order of application, as the ledger has it.
 * @param wanted in the order of the manifest.
 */
export function planSchema(
  applied: readonly PlannedMigration[],
  wanted: readonly PlannedMigration[],
): SchemaPlan {
  const { common, apply, undo, split } = matchChains(applied, wanted);
  return {
    common: common.map(({ id }) => id),
    apply: { expand: idsOf(apply, "expand"), contract: idsOf(apply, "contract") },
    undo: { contract: idsOf(undo, "contract"), expand: idsOf(undo, "expand") },
    blocked: schemaBlock({ applied, wanted, apply, undo, split }),
  };
}

function idsOf(migrations: readonly PlannedMigration[], phase: Phase): string[] {
  return migrations.filter((migration) => migration.phase === phase).map(({ id }) => id);
}

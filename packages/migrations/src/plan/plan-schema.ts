import { nameSome } from "@slipway/kernel";
import { compareVersions, type Phase } from "../migration.ts";
import { matchChains, type ReplacedMigration, type SplitLink } from "./match-chains.ts";

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

/** Why a pin cannot be reached in one run. */
export interface SchemaBlock {
  readonly code:
    | "SCHEMA_CHECKSUM_CHANGED"
    | "SCHEMA_OUT_OF_ORDER"
    | "SCHEMA_STEP_BY_STEP"
    | "SCHEMA_SQUASHED";
  /** One sentence without a full stop, naming the migrations. */
  readonly why: string;
  /**
   * The last migration that one run can reach on the way; `null` is the empty schema. After a changed checksum it
   * is the present head: nothing leads on from there.
   */
  readonly nextHead: string | null;
  /** What to do, where pinning a release that ends with {@link nextHead} is not all of it. */
  readonly todo?: string;
}

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
    blocked:
      changedChecksum(applied, wanted) ??
      inPart(split) ??
      outOfOrder(applied, apply, undo) ??
      diverged(applied, apply, undo) ??
      contractFirst(apply) ??
      expandFirst(applied, undo),
  };
}

function idsOf(migrations: readonly PlannedMigration[], phase: Phase): string[] {
  return migrations.filter((migration) => migration.phase === phase).map(({ id }) => id);
}

function changedChecksum(
  applied: readonly PlannedMigration[],
  wanted: readonly PlannedMigration[],
): SchemaBlock | null {
  const released = new Map(withReplaced(wanted).map((migration) => [migration.id, migration]));
  for (const was of withReplaced(applied)) {
    const now = released.get(was.id);
    if (now === undefined) continue;
    const changed = [
      was.upSha256 === now.upSha256 ? [] : ["its SQL"],
      // An irreversible migration has no rollback; a ledger may keep that as an empty text.
      (was.downSha256 || null) === now.downSha256 ? [] : ["its rollback SQL"],
    ].flat();
    if (changed.length === 0) continue;
    return {
      code: "SCHEMA_CHECKSUM_CHANGED",
      why: `migration "${was.id}" was applied, and the release has changed ${changed.join(" and ")} since`,
      nextHead: headOf(applied),
    };
  }
  return null;
}

/** The links of a chain and, before them, those that squashed ones replace. */
function withReplaced(chain: readonly PlannedMigration[]): readonly ReplacedMigration[] {
  if (!chain.some(({ replaces }) => replaces)) return chain;
  return [...chain.flatMap(({ replaces }) => replaces ?? []), ...chain];
}

function inPart(split: SplitLink | null): SchemaBlock | null {
  if (split === null) return null;
  const { side, id, there, missing } = split;
  if (side === "wanted") {
    return {
      code: "SCHEMA_SQUASHED",
      why: `"${id}" was squashed from ${there.length + missing.length} migrations, and of these ${nameSome(missing, 3)} ${missing.length === 1 ? "is" : "are"} not applied`,
      nextHead: missing.at(-1)!,
      todo: `Pin the last release that has ${missing.at(-1)} as a file of its own first, from a commit that has that file`,
    };
  }
  return {
    code: "SCHEMA_SQUASHED",
    why: `this database was made by "${id}", which is undone as a whole, and the release has only a part of it, up to ${there.at(-1)}`,
    nextHead: id,
    todo: `Pin a release that has all of it, up to migration ${missing.at(-1)}; an older one needs a database of its own`,
  };
}

function outOfOrder(
  applied: readonly PlannedMigration[],
  apply: readonly PlannedMigration[],
  undo: readonly PlannedMigration[],
): SchemaBlock | null {
  if (apply.length === 0) return null;
  const newest = applied.reduce<PlannedMigration | null>(
    (best, next) => (best === null || compareVersions(next.id, best.id) > 0 ? next : best),
    null,
  );
  const late =
    newest && apply.find(({ id, late: allowed }) => !allowed && compareVersions(id, newest.id) < 0);
  if (!newest || !late) return null;
  return {
    code: "SCHEMA_OUT_OF_ORDER",
    why: `migration "${late.id}" is not applied and is older than "${newest.id}", which is`,
    nextHead: reachableBack(applied, undo),
  };
}

function diverged(
  applied: readonly PlannedMigration[],
  apply: readonly PlannedMigration[],
  undo: readonly PlannedMigration[],
): SchemaBlock | null {
  const [first] = apply;
  const [newest] = undo;
  if (first === undefined || newest === undefined) return null;
  return {
    code: "SCHEMA_STEP_BY_STEP",
    why: `"${newest.id}" has to be undone before "${first.id}" can be applied: one run goes forward or back, not both`,
    nextHead: reachableBack(applied, undo),
  };
}

function contractFirst(apply: readonly PlannedMigration[]): SchemaBlock | null {
  const at = apply.findIndex(
    ({ phase }, index) => phase === "expand" && apply[index - 1]?.phase === "contract",
  );
  if (at === -1) return null;
  return {
    code: "SCHEMA_STEP_BY_STEP",
    why: `expand migration "${apply[at]!.id}" comes after contract migration "${apply[at - 1]!.id}", and one run applies expand before contract`,
    nextHead: apply[at - 1]!.id,
  };
}

function expandFirst(
  applied: readonly PlannedMigration[],
  undo: readonly PlannedMigration[],
): SchemaBlock | null {
  const at = turningPoint(undo);
  if (at === -1) return null;
  return {
    code: "SCHEMA_STEP_BY_STEP",
    why: `contract migration "${undo[at]!.id}" has to be undone after expand migration "${undo[at - 1]!.id}", and one run undoes contract before expand`,
    nextHead: reachableBack(applied, undo),
  };
}

// Where, going back, a contract comes after an expand: one run ends before it.
function turningPoint(undo: readonly PlannedMigration[]): number {
  return undo.findIndex(({ phase }, index) => phase === "contract" && undo[index - 1]?.phase === "expand");
}

function reachableBack(
  applied: readonly PlannedMigration[],
  undo: readonly PlannedMigration[],
): string | null {
  const at = turningPoint(undo);
  const undone = at === -1 ? undo.length : at;
  return headOf(applied.slice(0, applied.length - undone));
}

function headOf(migrations: readonly PlannedMigration[]): string | null {
  return migrations.at(-1)?.id ?? null;
}

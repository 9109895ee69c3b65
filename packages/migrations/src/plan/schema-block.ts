/** Every reason why a plan is blocked, in the order in which they are told: one list, so that none is forgotten. */
import { nameSome } from "@slipway/kernel";
import { compareVersions } from "../migration.ts";
import type { ReplacedMigration, SplitLink } from "./match-chains.ts";
import type { PlannedMigration } from "./planned-migration.ts";

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

/** Two chains, and what lies between them. */
interface Way {
  readonly applied: readonly PlannedMigration[];
  readonly wanted: readonly PlannedMigration[];
  /** In the order of application. */
  readonly apply: readonly PlannedMigration[];
  /** Newest first. */
  readonly undo: readonly PlannedMigration[];
  readonly split: SplitLink | null;
}

/** Why a way cannot be gone in one run; `null` when it can. */
export function schemaBlock({ applied, wanted, apply, undo, split }: Way): SchemaBlock | null {
  return (
    changedChecksum(applied, wanted) ??
    inPart(split) ??
    outOfOrder(applied, apply, undo) ??
    diverged(applied, apply, undo) ??
    contractFirst(apply) ??
    expandFirst(applied, undo)
  );
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

import { SlipwayError } from "@slipway/kernel";
import {
  compareVersions,
  LATE_FORM,
  type Migration,
  type MigrationRef,
  migrationRef,
  plannedMigration,
  type ReplacedMigration,
  singleIds,
  versionGap,
} from "@slipway/migrations";
import type { Manifest } from "../manifest/manifest.ts";
import type { CutFacts } from "./plan-cut.ts";

/**
 * The migrations of a release: those on disk up to its head, with all of the previous release's unchanged.
 *
 * @throws {SlipwayError} MIGRATION_INVALID, SCHEMA_CHECKSUM_CHANGED, SCHEMA_OUT_OF_ORDER, SCHEMA_SQUASHED.
 */
export function releaseMigrations(
  { version, head, migrations }: Pick<CutFacts, "version" | "head" | "migrations">,
  previous: Manifest | null,
): readonly Migration[] {
  const what = `Cannot cut ${version}`;
  const end = head === undefined ? migrations.length : migrations.findIndex(({ id }) => id === head) + 1;
  if (head !== undefined && end === 0) {
    throw new SlipwayError("MIGRATION_INVALID", {
      what: `${what} up to migration "${head}"`,
      why: "there is no such file",
      todo: `Name one of ${migrations.map(({ id }) => id).join(", ")}`,
    });
  }
  const included = migrations.slice(0, end);
  const released = previous?.migrations ?? [];
  const replaced = new Map(included[0]?.replaces?.map((one) => [one.id, one]));
  for (const ref of released) {
    const problem = problemOf(ref, included, replaced, head);
    if (problem === null) continue;
    throw new SlipwayError("SCHEMA_CHECKSUM_CHANGED", {
      what,
      why: `migration "${ref.id}" of release ${previous?.version} ${problem}`,
    });
  }
  refuseUnreleased(what, included[0], released);
  const singles = new Set(singleIds(released));
  const known = new Set(
    included.filter((one) => singleIds([one]).every((id) => singles.has(id))).map(({ id }) => id),
  );
  refuseOrder(what, included, known);
  refuseGaps(what, included, known);
  return included;
}

/** What keeps a released migration from being part of the next release; one that was squashed is part of it. */
function problemOf(
  ref: MigrationRef,
  included: readonly Migration[],
  replaced: ReadonlyMap<string, ReplacedMigration>,
  head: string | undefined,
): string | null {
  const found = included.find(({ id }) => id === ref.id);
  if (found !== undefined) return edited(found, ref);
  const was = plannedMigration(ref);
  const parts = was.replaces ?? [was];
  const lost = parts.find(({ id }) => !replaced.has(id));
  if (lost !== undefined) {
    const whole = lost.id === ref.id ? "" : ` as a whole: "${lost.id}" is missing`;
    return `is not part of it${head === undefined ? "" : ` up to ${head}`}${whole}`;
  }
  const other = parts.find(
    ({ id, upSha256, downSha256 }) =>
      replaced.get(id)?.upSha256 !== upSha256 || replaced.get(id)?.downSha256 !== downSha256,
  );
  return other === undefined
    ? null
    : `is not the "${other.id}" that was squashed: its checksum is another one`;
}

// Whoever has the newest release has to have all of it: the single files are gone.
function refuseUnreleased(
  what: string,
  first: Migration | undefined,
  released: readonly MigrationRef[],
): void {
  const known = new Set(singleIds(released));
  const missing = first?.replaces?.filter(({ id }) => !known.has(id)) ?? [];
  // Without a release before it there is nobody who could have the single ones.
  if (released.length === 0 || missing.length === 0) return;
  throw new SlipwayError("SCHEMA_SQUASHED", {
    what,
    why: `"${first?.id}" replaces "${missing[0]!.id}", which the release before does not have`,
    todo: "Restore the single files from git, release them, and squash after that",
  });
}

function edited(found: Migration, released: Manifest["migrations"][number]): string | null {
  const now = migrationRef(found);
  const parts = (["up", "down", "phase", "kind"] as const).filter((part) => now[part] !== released[part]);
  const names = { up: "SQL", down: "rollback SQL", phase: "phase", kind: "kind" };
  return parts.length === 0 ? null : `has another ${parts.map((part) => names[part]).join(" and ")} now`;
}

// What a release adds comes behind what is released: there every environment applies it, the first one and the last.
function refuseOrder(what: string, included: readonly Migration[], known: ReadonlySet<string>): void {
  const newest = included.findLast(({ id }) => known.has(id))?.id;
  const early = included.slice(0, known.size).find(({ id }) => !known.has(id));
  if (early !== undefined) {
    const place = early.late === undefined ? `older than "${newest}"` : `late after "${early.late.after}"`;
    throw new SlipwayError("SCHEMA_OUT_OF_ORDER", {
      what,
      why: `migration "${early.id}" is new and ${place}, ${early.late === undefined ? "which" : `and "${newest}"`} is released`,
      todo: `Give it a newer number, or write at the top of ${early.id}.sql: ${LATE_FORM.replace("<migration>", newest ?? "")}`,
    });
  }
  const added = included.slice(known.size);
  // Contract migrations run after the release's app has started: an expand one behind them could not run before it.
  const contract = added.findIndex(({ phase }) => phase === "contract");
  const expand = contract === -1 ? undefined : added.slice(contract).find(({ phase }) => phase === "expand");
  if (expand === undefined) return;
  throw new SlipwayError("MIGRATION_INVALID", {
    what,
    why: `expand migration "${expand.id}" comes after contract migration "${added[contract]?.id}" in the same release`,
    todo: "Order them expand first, or cut two releases with --head",
  });
}

// A number that is missing is often a file that was forgotten.
function refuseGaps(what: string, included: readonly Migration[], known: ReadonlySet<string>): void {
  const byVersion = [...included].sort((a, b) => compareVersions(a.id, b.id));
  for (const [index, { id, gap }] of byVersion.entries()) {
    const before = byVersion[index - 1]?.id;
    const missing = before === undefined || known.has(id) || gap ? null : versionGap(before, id);
    if (missing === null) continue;
    throw new SlipwayError("MIGRATION_INVALID", {
      what,
      why: `${missing} between "${before}" and "${id}"`,
      todo: `Add the forgotten file, renumber, or write at the top of ${id}.sql: -- slipway: gap <why they are missing>`,
    });
  }
}

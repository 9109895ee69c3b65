import { closestWord } from "@slipway/kernel";
import { compareVersions, upFile } from "../migration.ts";
import type { Late } from "./late.ts";
import { invalid } from "./migration-files.ts";

/** What has a place in the order. */
interface Placed {
  readonly id: string;
  readonly late?: Late | undefined;
  /** A squashed one stands where those that it replaces stood. */
  readonly replaces?: readonly { readonly id: string }[] | undefined;
}

/**
 * Puts migrations in the order of their application: that of their versions, but that a late one comes right behind the
 * migration that it names. The order depends on the files alone, so every environment gets the same.
 *
 * @throws {SlipwayError} MIGRATION_INVALID for a late one that names no migration, or one that it follows anyway.
 * @example
 * orderOfApplication([{ id: "2_b", late: { after: "3_c", reason: "merged later" } }, { id: "3_c" }]); // 3_c, 2_b
 */
export function orderOfApplication<M extends Placed>(migrations: readonly M[]): M[] {
  const sorted = [...migrations].sort((a, b) => compareVersions(a.id, b.id));
  if (sorted.every(({ late }) => late === undefined)) return sorted;
  const followers = new Map<string, M[]>();
  for (const migration of sorted) {
    if (migration.late === undefined) continue;
    const named = migration.late.after;
    const after = sorted.find(({ replaces }) => replaces?.some(({ id }) => id === named))?.id ?? named;
    checkPlace(migration.id, after, sorted);
    followers.set(after, [...(followers.get(after) ?? []), migration]);
  }
  // Who is followed has a higher version, so this goes in no circle.
  const withFollowers = (migration: M): M[] => [
    migration,
    ...(followers.get(migration.id) ?? []).flatMap(withFollowers),
  ];
  return sorted.filter(({ late }) => late === undefined).flatMap(withFollowers);
}

function checkPlace(id: string, after: string, all: readonly Placed[]): void {
  const ids = all.map((migration) => migration.id);
  if (!ids.includes(after)) {
    const near = closestWord(after, ids);
    throw invalid(upFile(id), {
      why: `it is to be applied after "${after}", which is not there${near ? `: did you mean "${near}"?` : ""}`,
      todo: "Name the newest migration that is released",
    });
  }
  if (compareVersions(after, id) > 0) return;
  throw invalid(upFile(id), {
    why: `it says that it is late, and comes after "${after}" by its version already`,
    todo: "Remove the line",
  });
}

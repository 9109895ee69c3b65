import { compareCodePoints } from "@slipway/kernel";
import type { CatalogObject, Fingerprint } from "./fingerprint.ts";

/** One object in which two schemas differ. */
export interface SchemaDifference {
  readonly change: "added" | "removed" | "changed";
  readonly kind: string;
  readonly name: string;
  /** What it was and is, when both fingerprints were taken with definitions. */
  readonly before?: string;
  readonly after?: string;
}

/** How one schema differs from another. */
export interface FingerprintDiff {
  /** Empty when the hashes are equal. Ordered by kind and name. */
  readonly differences: readonly SchemaDifference[];
  /** Tables with the same columns in another order: worth knowing, not a difference. */
  readonly reordered: readonly string[];
}

/**
 * Names the objects in which `after` differs from `before`.
 *
 * @example
 * diffFingerprints(before, after).differences.map(describeDifference); // ["index public.orders_note_idx is left over"]
 */
export function diffFingerprints(before: Fingerprint, after: Fingerprint): FingerprintDiff {
  const was = new Map(before.objects.map((object) => [keyOf(object), object]));
  const is = new Map(after.objects.map((object) => [keyOf(object), object]));
  const differences: SchemaDifference[] = [];
  for (const key of [...new Set([...was.keys(), ...is.keys()])].sort(compareCodePoints)) {
    const old = was.get(key);
    const now = is.get(key);
    if (old?.hash === now?.hash) continue;
    const { kind, name } = (old ?? now)!;
    const change = old === undefined ? "added" : now === undefined ? "removed" : "changed";
    differences.push({ change, kind, name, ...definitionsOf(old, now) });
  }
  const reordered = Object.keys(after.columnOrder).filter(
    (table) => sameColumns(before.columnOrder[table], after.columnOrder[table]) === "reordered",
  );
  return { differences, reordered };
}

function keyOf({ kind, name }: CatalogObject): string {
  return `${kind}\t${name}`;
}

function definitionsOf(old: CatalogObject | undefined, now: CatalogObject | undefined) {
  return {
    ...(old?.definition === undefined ? {} : { before: old.definition }),
    ...(now?.definition === undefined ? {} : { after: now.definition }),
  };
}

function sameColumns(before = "", after = ""): "same" | "reordered" | "different" {
  if (before === after) return "same";
  const sorted = (list: string) => list.split(", ").sort().join(", ");
  return sorted(before) === sorted(after) ? "reordered" : "different";
}

/** One difference for people, seen from the second schema: `index public.i is left over`. */
export function describeDifference({ change, kind, name }: SchemaDifference): string {
  const words = { added: "is left over", removed: "is gone", changed: "is different" };
  return `${kind} ${name} ${words[change]}`;
}

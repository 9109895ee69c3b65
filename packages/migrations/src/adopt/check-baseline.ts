import type { CatalogObject, Fingerprint } from "../catalog/fingerprint.ts";

/** How a database differs from what migrations would have made of it. */
export interface BaselineCheck {
  /** Objects that the migrations make and that are not there. */
  readonly missing: readonly string[];
  /** Objects that are there and look different. */
  readonly different: readonly string[];
  /** So many objects are there that the migrations do not make; they are left alone. */
  readonly others: number;
}

/**
 * Compares a database with the traces that migrations leave: what they add or change, and nothing else, so that what a
 * platform brings along (its schemas, its grants) is not held against it.
 *
 * @param before a fresh database, and `after` the same with the migrations applied.
 */
export function checkBaseline(live: Fingerprint, before: Fingerprint, after: Fingerprint): BaselineCheck {
  const was = indexed(before);
  const is = indexed(live);
  const made = after.objects.filter((object) => was.get(keyOf(object)) !== object.hash);
  const wanted = indexed(after);
  const nameOf = ({ kind, name }: CatalogObject) => `${kind} ${name}`;
  return {
    missing: made.filter((object) => !is.has(keyOf(object))).map(nameOf),
    different: made
      .filter((object) => is.has(keyOf(object)) && is.get(keyOf(object)) !== object.hash)
      .map(nameOf),
    others: live.objects.filter((object) => !wanted.has(keyOf(object))).length,
  };
}

const keyOf = ({ kind, name }: CatalogObject): string => `${kind}\t${name}`;

const indexed = ({ objects }: Fingerprint): ReadonlyMap<string, string> =>
  new Map(objects.map((object) => [keyOf(object), object.hash]));

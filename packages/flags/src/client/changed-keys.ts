import type { FlagDocument } from "../document/flag-document.ts";

/** Keys of the flags that were added, removed or changed; all of them when a segment or the epoch changed. */
export function changedKeys(before: FlagDocument | null, after: FlagDocument): string[] {
  if (before === null) return after.flags.map(({ key }) => key);
  const known = new Map(before.flags.map((flag) => [flag.key, flag]));
  const everything = JSON.stringify(before.segments) !== JSON.stringify(after.segments);
  const changed = after.flags.filter((flag) => {
    const old = known.get(flag.key);
    known.delete(flag.key);
    return everything || old === undefined || JSON.stringify(old) !== JSON.stringify(flag);
  });
  return [...changed.map(({ key }) => key), ...known.keys()];
}

/**
 * Names for a sentence, the first ones when there are many.
 *
 * @param most how many are named.
 * @example
 * nameSome(["a", "b", "c"], 2); // "a, b and 1 more"
 */
export function nameSome(names: readonly (string | number)[], most: number): string {
  const more = names.length - most;
  return `${names.slice(0, most).join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}

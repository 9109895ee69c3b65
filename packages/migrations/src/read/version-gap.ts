/** Above this, versions are times, which have gaps by nature. */
const LARGEST_COUNT = 100_000n;

/**
 * Which versions are missing between two that follow each other, in words; `null` where none are, or where they are not
 * counted by ones.
 *
 * @param parent the parts that both versions begin with and that are left out of them, for the words: `1.`.
 * @example
 * versionGap("2_b", "5_c"); // "versions 3 to 4 are missing"
 */
export function versionGap(before: string, id: string, parent = ""): string | null {
  const [from, to] = [before, id].map((text) => BigInt(/^\d+/.exec(text)?.[0] ?? 0)) as [bigint, bigint];
  if (to > LARGEST_COUNT || to - from <= 1n) return null;
  return to - from === 2n
    ? `version ${parent}${from + 1n} is missing`
    : `versions ${parent}${from + 1n} to ${parent}${to - 1n} are missing`;
}

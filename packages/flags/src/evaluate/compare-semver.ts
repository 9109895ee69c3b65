const pattern =
  /^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(?:-((?:0|[1-9]\d*|\d*[a-zA-Z-][\da-zA-Z-]*)(?:\.(?:0|[1-9]\d*|\d*[a-zA-Z-][\da-zA-Z-]*))*))?(?:\+[\da-zA-Z-]+(?:\.[\da-zA-Z-]+)*)?$/;

/** A strict semantic version (no leading v) as its comparable parts, or null. */
export function parseSemver(text: string): readonly string[] | null {
  const parts = text.length > 256 ? null : pattern.exec(text);
  if (parts === null) return null;
  return [parts[1]!, parts[2]!, parts[3]!, ...(parts[4]?.split(".") ?? [])];
}

/** Negative, 0 or positive, by the precedence of semver 2.0: a pre-release comes before its release. */
export function compareSemver(left: readonly string[], right: readonly string[]): number {
  for (let index = 0; index < 3; index += 1) {
    const order = compareNumbers(left[index]!, right[index]!);
    if (order !== 0) return order;
  }
  if (left.length === 3 || right.length === 3)
    return right.length === left.length ? 0 : left.length === 3 ? 1 : -1;
  for (let index = 3; index < Math.min(left.length, right.length); index += 1) {
    const order = compareIdentifiers(left[index]!, right[index]!);
    if (order !== 0) return order;
  }
  return left.length - right.length;
}

/** Without leading zeros the longer number is the larger one, however large. */
const compareNumbers = (left: string, right: string): number =>
  left.length - right.length || (left < right ? -1 : left > right ? 1 : 0);

function compareIdentifiers(left: string, right: string): number {
  const leftIsNumber = /^\d+$/.test(left);
  const rightIsNumber = /^\d+$/.test(right);
  if (leftIsNumber && rightIsNumber) return compareNumbers(left, right);
  if (leftIsNumber !== rightIsNumber) return leftIsNumber ? -1 : 1;
  return left < right ? -1 : left > right ? 1 : 0;
}

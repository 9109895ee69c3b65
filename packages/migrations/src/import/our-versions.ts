/**
 * Versions as digits, in the same order: `1.2` and `1.10` become `102` and `110`. Versions that are digits already stay
 * as they are, unless others beside them have parts.
 */
export function ourVersions(versions: readonly string[]): string[] {
  const parts = versions.map((version) => version.split("."));
  const depth = Math.max(1, ...parts.map((list) => list.length));
  if (depth === 1) return [...versions];
  const widths = Array.from({ length: depth }, (_, place) =>
    Math.max(1, ...parts.map((list) => (list[place] ?? "").replace(/^0+(?=\d)/, "").length)),
  );
  return parts.map((list) =>
    widths
      .map((width, place) => {
        const digits = (list[place] ?? "0").replace(/^0+(?=\d)/, "");
        return place === 0 ? digits : digits.padStart(width, "0");
      })
      .join(""),
  );
}

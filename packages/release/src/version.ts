import { SlipwayError } from "@slipway/kernel";
import compare from "semver/functions/compare.js";
import valid from "semver/functions/valid.js";

/** Orders two versions by semantic versioning. */
export function compareReleases(a: string, b: string): number {
  return compare(a, b);
}

/**
 * Whether a text is a version as Slipway writes it: semantic versioning without a `v`, and without build
 * metadata, which has no order.
 */
export function isVersion(text: string): boolean {
  return /^\d/.test(text) && valid(text) === text;
}

/**
 * The error for a text that does not name exactly one release.
 *
 * @param what the sentence that failed: `Cannot cut "latest"`.
 * @returns REFERENCE_MUTABLE for a word or a range, which can name another release tomorrow; VERSION_INVALID
 *   for what only looks like a version.
 */
export function refuseVersion(text: string, what: string): SlipwayError {
  const plain = text.replace(/^v/i, "");
  if (!/^\d/.test(plain)) {
    const why = `"${text}" can name another release tomorrow`;
    return new SlipwayError("REFERENCE_MUTABLE", {
      what,
      why,
      todo: "Write the version in full, like 1.4.0",
    });
  }
  if (isVersion(plain)) {
    return new SlipwayError("VERSION_INVALID", {
      what,
      why: "versions are written without a v",
      todo: `Write ${plain}`,
    });
  }
  const why = text.includes("+")
    ? "build metadata has no order"
    : `"${text}" is not semantic versioning: three numbers, and a pre-release after a dash`;
  return new SlipwayError("VERSION_INVALID", { what, why });
}

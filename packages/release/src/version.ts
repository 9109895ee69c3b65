import compare from "semver/functions/compare.js";
import valid from "semver/functions/valid.js";

/** Orders two versions by semantic versioning. */
export function compareReleases(a: string, b: string): number {
  return compare(a, b);
}

/** Whether a text is a version as Slipway writes it: semantic versioning without a `v`. */
export function isVersion(text: string): boolean {
  return /^\d/.test(text) && valid(text) === text;
}

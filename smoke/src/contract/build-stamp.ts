/** What a build says about itself: the content of `slipway-build.json`, written when the artifact is made. */
export interface BuildStamp {
  readonly service: string;
  readonly version: string;
  readonly commit: string;
  /** `sha256:…` of the build's content, without this file. */
  readonly digest: string;
}

/** The name of the file that carries the stamp. */
export const stampFile = "slipway-build.json";

const parts = ["service", "version", "commit", "digest"] as const;

/**
 * Reads a stamp. A part that is missing is an error: an instance that cannot say what it is must not
 * look like one that can.
 *
 * @throws {TypeError} naming the part.
 * @example
 * parseBuildStamp(await Deno.readTextFile("slipway-build.json")).version; // "1.4.0"
 */
export function parseBuildStamp(text: string): BuildStamp {
  const value: unknown = JSON.parse(text);
  if (typeof value !== "object" || value === null) throw new TypeError(`${stampFile} is not an object`);
  const stamp = value as Record<string, unknown>;
  const missing = parts.filter((part) => typeof stamp[part] !== "string" || stamp[part] === "");
  if (missing.length > 0) throw new TypeError(`${stampFile} has no ${missing.join(", ")}`);
  const [service, version, commit, digest] = parts.map((part) => stamp[part] as string);
  return { service: service!, version: version!, commit: commit!, digest: digest! };
}

/** What a service answers that was started from its sources: honest, and never taken for a release. */
export function unstamped(service: string): BuildStamp {
  return { service, version: "0.0.0-unstamped", commit: "unknown", digest: "unstamped" };
}

import { existsSync, linkSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { digestOf, SlipwayError } from "@slipway/kernel";
import { explainIssues } from "../problems/explain-issues.ts";
import { compareReleases, isVersion, refuseVersion } from "../version.ts";
import { isMutableReference, type Manifest, manifestSchema } from "./manifest-schema.ts";

export type { ReleaseFlag } from "../flags/flag-schema.ts";
export type { Manifest, ServiceRelease, SmokeRef } from "./manifest-schema.ts";

/** The digest of a manifest: over its canonical JSON without the digest itself. */
export function manifestDigest(manifest: Omit<Manifest, "digest">): string {
  return digestOf({ ...manifest, digest: undefined });
}

/**
 * Reads a release's manifest and proves that it is as it was cut.
 *
 * @param folder the folder of the manifests, usually `stacks/releases`.
 * @throws {SlipwayError} RELEASE_UNKNOWN, VERSION_INVALID, REFERENCE_MUTABLE, MANIFEST_INVALID, MANIFEST_EDITED.
 */
export function readManifest(folder: string, version: string): Manifest {
  const what = `Cannot read release "${version}"`;
  if (!isVersion(version)) throw refuseVersion(version, what);
  const file = join(folder, `${version}.json`);
  if (!existsSync(file)) {
    const known = manifestVersions(folder);
    throw new SlipwayError("RELEASE_UNKNOWN", {
      what,
      why: known.length === 0 ? "no release is cut yet" : `these are cut: ${known.join(", ")}`,
      todo: `slipway cut ${version}, or pin one that is cut`,
    });
  }
  const manifest = parseManifest(parseJson(readFileSync(file, "utf8"), file), file);
  if (manifest.version === version) return manifest;
  throw new SlipwayError("MANIFEST_EDITED", {
    what: `Cannot use "${file}"`,
    why: `it is the manifest of ${manifest.version}`,
  });
}

/**
 * Checks a manifest's shape and digest.
 *
 * @param source where it came from, for the error.
 * @throws {SlipwayError} MANIFEST_INVALID, REFERENCE_MUTABLE, MANIFEST_EDITED.
 */
export function parseManifest(value: unknown, source: string): Manifest {
  const what = `Cannot use "${source}"`;
  const parsed = manifestSchema.safeParse(value);
  if (!parsed.success) {
    const mutable = parsed.error.issues.find(({ path }) => isMutableReference(path, valueAt(value, path)));
    const why = explainIssues(parsed.error, manifestSchema, value);
    if (mutable === undefined) throw new SlipwayError("MANIFEST_INVALID", { what, why });
    throw new SlipwayError("REFERENCE_MUTABLE", {
      what,
      why: `${mutable.path.join(".")} is ${JSON.stringify(valueAt(value, mutable.path))}, which can mean something else tomorrow`,
    });
  }
  const digest = manifestDigest(parsed.data);
  if (digest === parsed.data.digest) return parsed.data;
  throw new SlipwayError("MANIFEST_EDITED", {
    what,
    why: `its content has digest ${digest}, it was cut as ${parsed.data.digest}`,
  });
}

/** All manifests of a folder, oldest version first. @throws as {@link readManifest}. */
export function listManifests(folder: string): Manifest[] {
  return manifestVersions(folder).map((version) => readManifest(folder, version));
}

/**
 * Writes a new manifest, whole or not at all, and never over another one: releases are immutable.
 *
 * @returns the file.
 * @throws {SlipwayError} RELEASE_EXISTS.
 */
export function writeManifest(folder: string, manifest: Manifest): string {
  const file = join(folder, `${manifest.version}.json`);
  mkdirSync(folder, { recursive: true });
  // Not a .json name: what a killed cut leaves behind is no manifest.
  const partial = join(folder, `.${manifest.version}.${process.pid}.partial`);
  writeFileSync(partial, `${JSON.stringify(manifest, null, 2)}\n`, { flush: true });
  try {
    // A link, unlike a rename, fails where the name is taken.
    linkSync(partial, file);
  } catch (cause) {
    if (!(cause instanceof Error && "code" in cause && cause.code === "EEXIST")) throw cause;
    throw new SlipwayError("RELEASE_EXISTS", {
      what: `Cannot cut release ${manifest.version}`,
      why: `${file} is there already`,
      cause,
    });
  } finally {
    rmSync(partial, { force: true });
  }
  return file;
}

function manifestVersions(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((file) => file.endsWith(".json"))
    .map((file) => file.slice(0, -".json".length))
    .filter(isVersion)
    .sort(compareReleases);
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((at, step) => (at as Record<PropertyKey, unknown> | undefined)?.[step], value);
}

function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new SlipwayError("MANIFEST_INVALID", {
      what: `Cannot read "${file}"`,
      why: cause instanceof Error ? cause.message : String(cause),
      cause,
    });
  }
}

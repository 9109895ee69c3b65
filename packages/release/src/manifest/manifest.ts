import { existsSync, linkSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { digestOf, SlipwayError } from "@slipway/kernel";
import { explainIssues } from "./explain-issues.ts";
import { type Manifest, manifestSchema } from "./manifest-schema.ts";
import { compareReleases, isVersion } from "./version.ts";

export type { Manifest, ServiceRelease } from "./manifest-schema.ts";

/** The digest of a manifest: over its canonical JSON without the digest itself. */
export function manifestDigest(manifest: Omit<Manifest, "digest">): string {
  const { digest: _digest, ...content } = manifest as Manifest;
  return digestOf(content);
}

/**
 * Reads a release's manifest and proves that it is as it was cut.
 *
 * @param folder the folder of the manifests, usually `stacks/releases`.
 * @throws {SlipwayError} RELEASE_UNKNOWN, MANIFEST_INVALID, MANIFEST_EDITED.
 */
export function readManifest(folder: string, version: string): Manifest {
  const file = join(folder, `${version}.json`);
  if (!isVersion(version) || !existsSync(file)) {
    const known = manifestVersions(folder);
    throw new SlipwayError("RELEASE_UNKNOWN", {
      what: `Cannot read release "${version}"`,
      why: known.length === 0 ? "no release is cut yet" : `these are cut: ${known.join(", ")}`,
      todo: isVersion(version)
        ? `slipway cut ${version}, or pin one that is cut`
        : "Pin a version like 1.4.0",
    });
  }
  const manifest = parseManifest(parseJson(readFileSync(file, "utf8"), file), file);
  if (manifest.version !== version) {
    throw new SlipwayError("MANIFEST_EDITED", {
      what: `Cannot use "${file}"`,
      why: `it is the manifest of ${manifest.version}`,
    });
  }
  return manifest;
}

/**
 * Checks a manifest's shape and digest.
 *
 * @param source where it came from, for the error.
 * @throws {SlipwayError} MANIFEST_INVALID, MANIFEST_EDITED.
 */
export function parseManifest(value: unknown, source: string): Manifest {
  const parsed = manifestSchema.safeParse(value);
  if (!parsed.success) {
    throw new SlipwayError("MANIFEST_INVALID", {
      what: `Cannot use "${source}"`,
      why: explainIssues(parsed.error, manifestSchema),
    });
  }
  const digest = manifestDigest(parsed.data);
  if (digest !== parsed.data.digest) {
    throw new SlipwayError("MANIFEST_EDITED", {
      what: `Cannot use "${source}"`,
      why: `its content has digest ${digest}, it was cut as ${parsed.data.digest}`,
    });
  }
  return parsed.data;
}

/** All manifests of a folder, oldest version first. @throws as {@link readManifest}. */
export function listManifests(folder: string): Manifest[] {
  return manifestVersions(folder).map((version) => readManifest(folder, version));
}

/**
 * Writes a new manifest, whole or not at all, and never over another one: releases are immutable.
 *
 * @throws {SlipwayError} RELEASE_EXISTS.
 */
export function writeManifest(folder: string, manifest: Manifest): string {
  const file = join(folder, `${manifest.version}.json`);
  mkdirSync(folder, { recursive: true });
  const partial = `${file}.${process.pid}.partial`;
  writeFileSync(partial, `${JSON.stringify(manifest, null, 2)}\n`);
  try {
    // A link, unlike a rename, fails where the name is taken.
    linkSync(partial, file);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== "EEXIST") throw cause;
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
    .filter((file) => file.endsWith(".json") && isVersion(file.slice(0, -5)))
    .map((file) => file.slice(0, -5))
    .sort(compareReleases);
}

function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new SlipwayError("MANIFEST_INVALID", {
      what: `Cannot read "${file}"`,
      why: (cause as Error).message,
      cause,
    });
  }
}

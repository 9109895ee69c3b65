import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import type { PackageManifest } from "./package-manifest.ts";
import { publishedPackages } from "./published-packages.ts";

const root = fileURLToPath(new URL("../../../..", import.meta.url));
const packages = publishedPackages.map((published) => ({
  ...published,
  home: join(root, published.folder),
  manifest: JSON.parse(readFileSync(join(root, published.folder, "package.json"), "utf8")) as PackageManifest,
}));
const names = packages.map(({ manifest }) => manifest.name);

/** In a package's folder for the repository's sake: nothing that runs elsewhere reads it. */
const repositoryOnly = [
  /^golden\//,
  /^(package|turbo)\.json$|\.golden\.|^bootstrap\.mjs$/,
  /^(adr|guides)\/|^(flags|glossary|migrations|requirements|smoke)\.md$/,
  /(^|\/)(testing|node_modules|dist)\//,
];

describe.each(packages)("$folder", ({ home, manifest, programs = [], withheld = [] }) => {
  test("depends on nothing of ours that is not published", () => {
    const ours = Object.keys(manifest.dependencies ?? {}).filter((name) => name.startsWith("@slipway/"));
    expect(ours.filter((name) => !names.includes(name))).toEqual([]);
  });

  test("has what is named to be published, or withheld", () => {
    expect([...(manifest.files ?? []), ...programs].filter((file) => !existsSync(join(home, file)))).toEqual(
      [],
    );
    expect(withheld.filter((key) => !(key in (manifest.exports ?? {})))).toEqual([]);
  });

  test("asks of a project no exact version beside its own", () => {
    expect(
      Object.values(manifest.peerDependencies ?? {}).filter((range) => /^\d+\.\d+\.\d+$/.test(range)),
    ).toEqual([]);
  });

  test("names every file that is no source, so that none is forgotten", () => {
    const named = manifest.files ?? [];
    const forgotten = readdirSync(home, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && !entry.name.endsWith(".ts"))
      .map(({ parentPath, name }) => join(parentPath, name).slice(home.length + 1))
      .filter((file) => !repositoryOnly.some((pattern) => pattern.test(file)))
      .filter((file) => !named.some((name) => file === name || file.startsWith(`${name}/`)));
    expect(forgotten).toEqual([]);
  });
});

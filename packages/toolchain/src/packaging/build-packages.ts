import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import { join as joinPosix } from "node:path/posix";
import { compileSources } from "./compile-sources.ts";
import { type PackageManifest, publishedManifest } from "./package-manifest.ts";
import { type PublishedPackage, publishedPackages } from "./published-packages.ts";
import { type KnownSources, renameSources } from "./rename-sources.ts";

/**
 * Builds what is published, a folder per package: JavaScript and declarations, the files that the code reads
 * or starts, and a package.json. What was in these folders is replaced.
 *
 * @param root the repository's root.
 * @param output the folder for the packages' folders.
 * @returns the packages' folders.
 */
export function buildPackages(root: string, output: string): string[] {
  const packages = publishedPackages.map((published) => ({
    published,
    manifest: readManifest(join(root, published.folder)),
  }));
  const compiled = compileSources(
    root,
    packages.flatMap(({ published, manifest }) => entriesOf(published, manifest)),
  );
  const sources: KnownSources = {
    isCompiled: (path) => compiled.has(path.replace(/\.ts$/, ".js")),
    exists: (path) => existsSync(join(root, path)),
  };
  return packages.map(({ published: { folder, withheld }, manifest }) => {
    const target = join(output, basename(folder));
    rmSync(target, { recursive: true, force: true });
    for (const [path, text] of compiled) {
      if (!path.startsWith(`${folder}/`)) continue;
      const named = path.endsWith(".map") ? text : renameSources(path, text, sources);
      writeInto(join(target, path.slice(folder.length + 1)), named);
    }
    for (const file of filesOf(root, folder, manifest.files ?? [])) {
      const from = join(root, folder, file);
      const text = readFileSync(from, "utf8");
      writeInto(join(target, file), renameSources(joinPosix(folder, file), text, sources));
      chmodSync(join(target, file), statSync(from).mode);
    }
    cpSync(join(root, "LICENSE"), join(target, "LICENSE"));
    writeInto(
      join(target, "package.json"),
      `${JSON.stringify(publishedManifest(manifest, withheld), null, 2)}\n`,
    );
    return target;
  });
}

function readManifest(folder: string): PackageManifest {
  return JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as PackageManifest;
}

function entriesOf({ folder, programs = [], withheld = [] }: PublishedPackage, manifest: PackageManifest) {
  const exported = Object.entries(manifest.exports ?? {}).filter(([key]) => !withheld.includes(key));
  return [...exported.map(([, file]) => file), ...programs]
    .filter((file) => file.endsWith(".ts"))
    .map((file) => joinPosix(folder, file));
}

/** Every file that `files` names or that lies in a folder that it names, from the package's folder. */
function filesOf(root: string, folder: string, names: readonly string[]): string[] {
  return names.flatMap((name) => {
    if (!statSync(join(root, folder, name)).isDirectory()) return [name];
    const inner = readdirSync(join(root, folder, name)).map((entry) => joinPosix(name, entry));
    return filesOf(root, folder, inner);
  });
}

function writeInto(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { join as joinPosix } from "node:path/posix";
import ts from "typescript";

/** One source file of the repository. */
export interface SourceFile {
  /** From the repository's root, with slashes. */
  readonly path: string;
  /** The folder of its package: `packages/kernel`, `smoke`. */
  readonly folder: string;
  /** What it imports or exports from, as written. */
  readonly imports: readonly string[];
  readonly text: string;
}

/** One package.json of the repository. */
export interface Package {
  /** From the repository's root; empty for the root's own. */
  readonly folder: string;
  readonly name: string;
  readonly exports: Readonly<Record<string, string>>;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
  readonly optionalDependencies: Readonly<Record<string, string>>;
  readonly peerDependencies: Readonly<Record<string, string>>;
}

const generated = new Set(["node_modules", "dist"]);

/** The folders of all packages: those in `packages/`, and the two at the top. */
export function packageFolders(root: string): string[] {
  const below = readdirSync(join(root, "packages")).map((name) => `packages/${name}`);
  return [...below, "smoke", "stacks"].filter((folder) => existsSync(join(root, folder, "package.json")));
}

/** Reads every source file of the packages; what is generated, and dot-folders, are left out. */
export function readSourceFiles(root: string): SourceFile[] {
  return packageFolders(root).flatMap((folder) =>
    sourcesBelow(root, folder).map((path) => {
      const text = readFileSync(join(root, path), "utf8");
      const imports = ts.preProcessFile(text, true, true).importedFiles.map(({ fileName }) => fileName);
      return { path, folder, imports, text };
    }),
  );
}

/** Reads every package.json, the root's first. */
export function readPackages(root: string): Package[] {
  return ["", ...packageFolders(root)].map((folder) => ({
    name: "",
    exports: {},
    dependencies: {},
    devDependencies: {},
    optionalDependencies: {},
    peerDependencies: {},
    ...JSON.parse(readFileSync(join(root, folder, "package.json"), "utf8")),
    folder,
  }));
}

function sourcesBelow(root: string, folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = joinPosix(folder, entry.name);
    if (entry.isDirectory()) {
      return generated.has(entry.name) || entry.name.startsWith(".") ? [] : sourcesBelow(root, path);
    }
    return /(?<!\.d)\.(ts|mts|mjs|cjs|js)$/.test(entry.name) ? [path] : [];
  });
}

import { dirname, join } from "node:path/posix";
import type { Package, SourceFile } from "./source-tree.ts";

/**
 * Which of our packages the sources of a package may import. Tests may import more, for their fixtures:
 * whatever the package declares, but never the command line.
 */
export const allowedImports: Readonly<Record<string, readonly string[]>> = {
  kernel: [],
  smoke: ["kernel"],
  toolchain: ["kernel"],
  ledger: ["kernel"],
  flags: ["kernel", "ledger"],
  rollout: ["kernel", "ledger"],
  migrations: ["kernel", "ledger"],
  release: ["kernel", "ledger", "migrations"],
  targets: ["kernel", "ledger", "toolchain"],
  environment: ["kernel", "ledger", "migrations", "release", "targets", "flags", "rollout"],
  governance: ["kernel", "ledger", "migrations", "release", "targets", "environment"],
  pulumi: ["kernel", "release", "smoke", "environment", "governance", "toolchain"],
  cli: "kernel ledger migrations release targets environment governance flags rollout smoke pulumi toolchain".split(
    " ",
  ),
  // Measures the command line as well, from outside, with the set-up of its tests.
  bench: "kernel ledger migrations release targets environment flags rollout smoke toolchain cli".split(" "),
  docs: ["kernel"],
  example: ["release", "flags"],
  stacks: ["pulumi"],
};

/** Packages whose sources run anywhere: they import nothing from `node:`. */
const runtimeNeutral = ["packages/kernel"];

/** Entry points from which no `node:` import can be reached. Deno has `node:`, an edge function may not. */
const neutralEntries = [
  "smoke/index.ts",
  "packages/flags/src/index.ts",
  "packages/flags/src/edge/index.ts",
  "packages/flags/src/browser/index.ts",
  "packages/flags/src/openfeature/server.ts",
  "packages/flags/src/openfeature/web.ts",
];

/** Imports that a file may have without its package declaring them: Vitest itself loads these files. */
const loadedByVitest: Readonly<Record<string, string>> = {
  "packages/toolchain/src/summary-reporter.ts": "vitest",
};

export const isTestFile = (path: string): boolean => /\.test\.ts$|(^|\/)testing\//.test(path);

const nameOf = (folder: string): string => folder.split("/").at(-1) ?? folder;

/** `@slipway/ledger/testing` → `ledger`; null for what is not ours. */
const ours = (specifier: string): string | null => /^@slipway\/([^/]+)/.exec(specifier)?.[1] ?? null;

/** `@scope/name/file.js` → `@scope/name`; null for a relative or built-in import. */
function packageOf(specifier: string): string | null {
  if (/^(\.|node:|file:)/.test(specifier)) return null;
  return specifier
    .split("/")
    .slice(0, specifier.startsWith("@") ? 2 : 1)
    .join("/");
}

/** Imports of our packages that go the wrong way. */
export function wrongDirections(files: readonly SourceFile[]): string[] {
  return files.flatMap(({ path, folder, imports }) => {
    const from = nameOf(folder);
    const allowed = allowedImports[from];
    if (allowed === undefined) return [`${folder} has no line in allowedImports`];
    return imports.flatMap((specifier) => {
      const to = ours(specifier);
      if (to === null || to === from) return [];
      const fine = isTestFile(path) ? to !== "cli" : allowed.includes(to);
      return fine ? [] : [`${path} imports ${specifier}`];
    });
  });
}

/** Imports from `node:` in places that run without Node. */
export function nodeImports(files: readonly SourceFile[]): string[] {
  const byPath = new Map(files.map((file) => [file.path, file]));
  const neutral = new Set(
    files
      .filter(({ path, folder }) => runtimeNeutral.includes(folder) && !isTestFile(path))
      .map(({ path }) => path),
  );
  const reach = (path: string) => {
    const file = byPath.get(path);
    if (file === undefined || neutral.has(path)) return;
    neutral.add(path);
    for (const specifier of file.imports) {
      if (specifier.startsWith(".")) reach(join(dirname(path), specifier));
    }
  };
  for (const entry of neutralEntries) reach(entry);
  return [...neutral].flatMap((path) =>
    (byPath.get(path)?.imports ?? [])
      .filter((specifier) => specifier.startsWith("node:"))
      .map((specifier) => `${path} imports ${specifier}`),
  );
}

/** Relative imports that lead into another package, are absolute, or do not name a file with its suffix. */
export function wrongPaths(files: readonly SourceFile[]): string[] {
  const folders = new Set(files.map(({ folder }) => `${folder}/`));
  return files.flatMap(({ path, folder, imports }) =>
    imports
      .filter((specifier) => /^[./]/.test(specifier))
      .filter((specifier) => {
        const target = join(dirname(path), specifier);
        const elsewhere = [...folders].some((other) => other !== `${folder}/` && target.startsWith(other));
        // Plain JavaScript is for what runs before the project's Node is there.
        return specifier.startsWith("/") || elsewhere || !/\.(ts|json|mjs|cjs)$/.test(specifier);
      })
      .map((specifier) => `${path} imports ${specifier}`),
  );
}

/** Files that pass on without naming what, or only pass on without being an entry point of their package. */
export function barrels(files: readonly SourceFile[], packages: readonly Package[]): string[] {
  const entries = new Set(
    packages.flatMap(({ folder, exports }) => Object.values(exports).map((file) => join(folder, file))),
  );
  return files.flatMap(({ path, text }) => {
    if (/^export \* /m.test(text)) return [`${path} exports *`];
    const code = text.replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, "");
    const rest = code.replaceAll(/export (type )?\{[^}]*\} from "[^"]*";/g, "").trim();
    const passesOn = rest === "" && code.trim() !== "";
    return passesOn && !entries.has(path) ? [`${path} only passes exports on`] : [];
  });
}

/** Imported packages that the importing package does not declare. */
export function undeclared(files: readonly SourceFile[], packages: readonly Package[]): string[] {
  const root = packages.find(({ folder }) => folder === "");
  return files.flatMap(({ path, folder, imports }) => {
    const own = packages.find((candidate) => candidate.folder === folder);
    const forUse = { ...own?.dependencies, ...own?.optionalDependencies, ...own?.peerDependencies };
    const forTests = { ...forUse, ...own?.devDependencies, ...root?.devDependencies };
    return imports.flatMap((specifier) => {
      const name = packageOf(specifier);
      const declared = isTestFile(path) || isTool(path) ? forTests : forUse;
      if (name === null || name === own?.name || name in declared || loadedByVitest[path] === name) return [];
      return [`${path} imports ${name}, which ${folder}/package.json does not declare`];
    });
  });
}

/** What is run in the repository only is no part of what a package ships. */
const isTool = (path: string): boolean =>
  /\/scripts\/|^packages\/(docs|example|bench|toolchain\/src\/packaging)\//.test(path);

/** Dependencies whose version is a range, or differs between two packages. */
export function looseVersions(packages: readonly Package[]): string[] {
  const first = new Map<string, string>();
  return packages.flatMap(({ folder, dependencies, devDependencies, optionalDependencies }) =>
    Object.entries({ ...dependencies, ...devDependencies, ...optionalDependencies }).flatMap(
      ([name, version]) => {
        const where = `${folder || "."}/package.json`;
        const known = first.get(name) ?? version;
        first.set(name, known);
        if (!/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version)) return [`${where}: ${name} is "${version}"`];
        return known === version ? [] : [`${where}: ${name} is ${version}, elsewhere ${known}`];
      },
    ),
  );
}

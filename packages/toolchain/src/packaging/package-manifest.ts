/** A package.json, as far as publishing reads or changes it. */
export interface PackageManifest {
  readonly name: string;
  readonly version: string;
  readonly exports?: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  /** What is published beside the compiled sources: files and folders of the package. */
  readonly files?: readonly string[];
  readonly [field: string]: unknown;
}

/** One entry of a published package's `exports`. */
export type PublishedExport = string | { readonly types: string; readonly default: string };

const repositoryOnly = new Set(["private", "scripts", "devDependencies", "files"]);

/**
 * The package.json that is published: compiled files in `exports`, nothing of the repository's own.
 *
 * @param withheld keys of `exports` that are not published.
 * @throws RangeError for a dependency without an exact version: what was tested is what is installed.
 */
export function publishedManifest(
  manifest: PackageManifest,
  withheld: readonly string[] = [],
): Record<string, unknown> & { exports?: Record<string, PublishedExport> } {
  for (const [name, version] of Object.entries(manifest.dependencies ?? {})) {
    if (!/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version))
      throw new RangeError(`${manifest.name} depends on ${name} "${version}", which is no exact version`);
  }
  const kept = Object.fromEntries(Object.entries(manifest).filter(([field]) => !repositoryOnly.has(field)));
  if (manifest.exports === undefined) return kept;
  const exports = Object.fromEntries(
    Object.entries(manifest.exports)
      .filter(([key]) => !withheld.includes(key))
      .map(([key, file]) => [key, publishedExport(file)]),
  );
  return { ...kept, exports };
}

function publishedExport(file: string): PublishedExport {
  if (!file.endsWith(".ts")) return file;
  const stem = file.slice(0, -".ts".length);
  return { types: `${stem}.d.ts`, default: `${stem}.js` };
}

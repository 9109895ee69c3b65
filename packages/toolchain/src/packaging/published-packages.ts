/** What of a workspace package is published, beyond what its package.json says. */
export interface PublishedPackage {
  /** From the repository's root: `packages/kernel`. */
  readonly folder: string;
  /** Sources that are started as programs of their own, so that no import leads to them. */
  readonly programs?: readonly string[];
  /** Keys of `exports` that only this repository's own tests use. */
  readonly withheld?: readonly string[];
}

/**
 * The packages that other repositories install. Compiled is what their exports and programs import, which
 * leaves tests and the repository's own tools behind; copied is what `files` in their package.json names.
 */
export const publishedPackages: readonly PublishedPackage[] = [
  { folder: "packages/kernel" },
  { folder: "packages/ledger" },
  { folder: "packages/migrations" },
  { folder: "packages/release" },
  { folder: "packages/flags" },
  { folder: "packages/targets", programs: ["src/local/router/main.ts"] },
  { folder: "packages/environment" },
  { folder: "packages/pulumi", programs: ["provider/serve.ts", "command/serve.ts"] },
  { folder: "packages/cli", programs: ["src/main.ts"], withheld: ["./testing"] },
  { folder: "packages/toolchain", withheld: ["./testing"] },
  { folder: "packages/docs" },
  { folder: "smoke" },
];

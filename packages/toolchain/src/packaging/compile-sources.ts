import { join, relative } from "node:path";
import ts from "typescript";

/**
 * Compiles sources and all that they import, across packages, into memory. Each file keeps its place, so that
 * what it reads beside itself is found.
 *
 * @param root the repository's root, without a slash at its end.
 * @param entries sources, named from the root.
 * @returns the text of each `.js`, `.js.map` and `.d.ts`, by its name from the root.
 * @throws Error with what the compiler says.
 */
export function compileSources(root: string, entries: readonly string[]): Map<string, string> {
  const options: ts.CompilerOptions = {
    ...repositoryOptions(root),
    noEmit: false,
    noEmitOnError: true,
    rewriteRelativeImportExtensions: true,
    declaration: true,
    sourceMap: true,
    // The sources themselves are not published, so the maps carry them.
    inlineSources: true,
    newLine: ts.NewLineKind.LineFeed,
  };
  const program = ts.createProgram(
    entries.map((entry) => join(root, entry)),
    options,
  );
  const files = new Map<string, string>();
  const { diagnostics } = program.emit(undefined, (path, text) => {
    files.set(relative(root, path).replaceAll("\\", "/"), text);
  });
  const errors = diagnostics.filter(({ category }) => category === ts.DiagnosticCategory.Error);
  if (errors.length > 0)
    throw new Error(`Cannot compile the packages:\n${ts.formatDiagnostics(errors, diagnosticHost(root))}`);
  return files;
}

function repositoryOptions(root: string): ts.CompilerOptions {
  const file = join(root, "tsconfig.json");
  const { config, error } = ts.readConfigFile(file, ts.sys.readFile);
  if (error !== undefined) throw new Error(ts.formatDiagnostic(error, diagnosticHost(root)));
  return ts.convertCompilerOptionsFromJson(config.compilerOptions, root, file).options;
}

const diagnosticHost = (root: string): ts.FormatDiagnosticsHost => ({
  getCurrentDirectory: () => root,
  getCanonicalFileName: (name) => name,
  getNewLine: () => "\n",
});

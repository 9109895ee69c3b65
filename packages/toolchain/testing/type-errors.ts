import { writeFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";

/**
 * Compiles modules as another project's code would see them: by name and strictly. Looked at are the project's
 * own sources and the declarations of our packages, not those of everybody else's.
 *
 * @param root the project's folder.
 * @param modules names to import.
 * @param files sources of the project to compile too, from its folder.
 * @returns what the compiler says.
 */
export function typeErrors(root: string, modules: readonly string[], files: readonly string[]): string[] {
  const uses = join(root, "uses.ts");
  writeFileSync(uses, modules.map((name, at) => `export type * as m${at} from "${name}";\n`).join(""));
  const program = ts.createProgram([uses, ...files.map((file) => join(root, file))], {
    module: ts.ModuleKind.NodeNext,
    target: ts.ScriptTarget.ES2024,
    lib: ["lib.esnext.d.ts"],
    types: ["node"],
    typeRoots: [join(root, "node_modules/@types")],
    strict: true,
    noEmit: true,
  });
  const ours = program
    .getSourceFiles()
    .filter(({ fileName }) => /^(?!.*\/node_modules\/)|\/node_modules\/@slipway\//.test(fileName));
  return [...program.getOptionsDiagnostics(), ...ours.flatMap((file) => diagnose(program, file))].map(
    ({ file, messageText }) =>
      `${file?.fileName ?? ""}: ${ts.flattenDiagnosticMessageText(messageText, "\n")}`,
  );
}

const diagnose = (program: ts.Program, file: ts.SourceFile): readonly ts.Diagnostic[] => [
  ...program.getSyntacticDiagnostics(file),
  ...program.getSemanticDiagnostics(file),
];

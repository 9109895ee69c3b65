import { readFileSync } from "node:fs";
import { FlagDocumentError, importUnleash, type UnleashImport } from "@slipway/flags";
import { SlipwayError } from "@slipway/kernel";
import { type FlagDeclaration, flagDeclarationSchema } from "@slipway/release";
import { stringify } from "yaml";

/**
 * Reads an export of Unleash.
 *
 * @throws {SlipwayError} USAGE for a file that is not one.
 */
export function readImport(file: string, { owner }: { readonly owner: string }): UnleashImport {
  const refuse = (why: string, cause: unknown) =>
    new SlipwayError("USAGE", {
      what: `Cannot import "${file}"`,
      why,
      todo: "Name an export of Unleash as JSON",
      cause,
    });
  try {
    return importUnleash(JSON.parse(readFileSync(file, "utf8")), { owner });
  } catch (error) {
    if (error instanceof FlagDocumentError) throw refuse(error.message, error);
    if (error instanceof SyntaxError) throw refuse("it is not JSON", error);
    if (error instanceof Error && "code" in error && error.code === "ENOENT")
      throw refuse("there is no such file", error);
    throw error;
  }
}

/**
 * The `flags:` of a product file for what was imported.
 *
 * @throws {SlipwayError} USAGE for what a product file cannot have: a key with other characters, a wrong date.
 */
export function productFlags(
  { declarations, notes }: UnleashImport,
  expires: string,
): { readonly declarations: readonly FlagDeclaration[]; readonly text: string } {
  const flags = Object.entries(declarations).map(([key, { description, owner, groupId }]) => {
    const declared = flagDeclarationSchema.safeParse({
      key,
      description: description || key,
      owner,
      expires,
      ...(groupId === key ? {} : { salt: groupId }),
    });
    if (declared.success) return declared.data;
    const [issue] = declared.error.issues;
    throw new SlipwayError("USAGE", {
      what: `Cannot import flag "${key}"`,
      why: `${issue?.path.join(".")} ${issue?.message}`,
      todo: "Correct it in the export or on the command line",
    });
  });
  // `safe` is what it is without saying so.
  const written = flags.map(({ safe: _safe, ...flag }) => flag);
  const comments = notes.map((note) => `# ${note}\n`).join("");
  return { declarations: flags, text: `${comments}${stringify({ flags: written }).trimEnd()}` };
}

import type { FlagDeclaration } from "../document/flag.ts";
import type { FlagDocument } from "../document/flag-document.ts";
import { parseDeclaration } from "../document/parse-declaration.ts";
import { parseFlagDocument } from "../document/parse-flag-document.ts";
import { asObject, within } from "../document/reading.ts";

/** What a release brings along: what it declares, and what the environment's flags were, if that was known. */
export interface FlagBootstrap {
  readonly declarations: ReadonlyMap<string, FlagDeclaration>;
  readonly document: FlagDocument | null;
}

/**
 * Reads a bootstrap: a whole document, or `{ declarations, document }` where the release only knows what it declares.
 *
 * @throws {FlagDocumentError} with the path of the first thing that is wrong.
 *
 * @example
 * parseBootstrap({ declarations: { "new-checkout": { owner: "shop", safeValue: false } } });
 */
export function parseBootstrap(input: unknown): FlagBootstrap {
  const body = within("bootstrap", input, asObject);
  if (body.flags !== undefined) return { declarations: new Map(), document: parseFlagDocument(body) };
  const declared = Object.entries(within("declarations", body.declarations ?? {}, asObject));
  const declarations = declared.map(([key, found]): [string, FlagDeclaration] => [
    key,
    parseDeclaration(key, found, `declarations.${key}`),
  ]);
  const document = body.document ?? null;
  return {
    declarations: new Map(declarations),
    document: document === null ? null : parseFlagDocument(document),
  };
}

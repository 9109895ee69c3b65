import type { FlagDeclaration } from "../document/flag.ts";
import type { FlagDocument } from "../document/flag-document.ts";
import { parseDeclaration } from "../document/parse-declaration.ts";
import { parseFlagDocument } from "../document/parse-flag-document.ts";
import { asObject, isAbsent, readList, readText, within } from "../document/reading.ts";

/** What a release brings along: what it declares, and what the environment's flags were, if that was known. */
export interface FlagBootstrap {
  readonly declarations: ReadonlyMap<string, FlagDeclaration>;
  readonly document: FlagDocument | null;
}

/**
 * Reads a bootstrap. It is one of three: a release's manifest, which knows what is declared; `{ declarations, document }`; or a
 * whole document, as it was when the release was packed.
 *
 * @throws {FlagDocumentError} with the path of the first thing that is wrong.
 *
 * @example
 * parseBootstrap({ declarations: { "new-checkout": { owner: "shop", safeValue: false } } });
 */
export function parseBootstrap(input: unknown): FlagBootstrap {
  const body = within("bootstrap", input, asObject);
  if (body.flags !== undefined) {
    if (body.epoch !== undefined) return { declarations: new Map(), document: parseFlagDocument(body) };
    return { declarations: new Map(readList(body, "flags", parseReleaseFlag)), document: null };
  }
  const declared = Object.entries(within("declarations", body.declarations ?? {}, asObject));
  const declarations = declared.map(([key, found]): [string, FlagDeclaration] => [
    key,
    parseDeclaration(key, found, `declarations.${key}`),
  ]);
  const document = body.document ?? null;
  return {
    declarations: new Map(declarations),
    document: document === null ? null : within("document", document, parseFlagDocument),
  };
}

/** A flag as the manifest has it. */
function parseReleaseFlag(input: unknown): [string, FlagDeclaration] {
  const body = asObject(input);
  const key = readText(body, "key");
  const { owner, release, safe: safeValue, salt: groupId, description } = body;
  const expiresAt = isAbsent(body.expires) ? null : `${readText(body, "expires")}T00:00:00Z`;
  return [key, parseDeclaration(key, { owner, release, safeValue, expiresAt, groupId, description })];
}

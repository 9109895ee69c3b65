import type { FlagRevision } from "./flag-revision.ts";
import { asObject, readInteger, readText, within } from "./reading.ts";

/** @throws {FlagDocumentError} when the input is not where a document stands. */
export function parseFlagRevision(input: unknown): FlagRevision {
  const body = within("revision", input, asObject);
  return {
    epoch: readText(body, "epoch"),
    revision: readInteger(body, "revision", 0, Number.MAX_SAFE_INTEGER),
  };
}

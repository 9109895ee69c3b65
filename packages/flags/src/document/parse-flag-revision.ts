import type { FlagRevision } from "./flag-revision.ts";
import { readInteger, readObject, readText } from "./reading.ts";

/** @throws {FlagDocumentError} when the input is not where a document stands. */
export function parseFlagRevision(input: unknown): FlagRevision {
  const body = readObject(input, "revision");
  return {
    epoch: readText(body.epoch, "epoch"),
    revision: readInteger(body.revision, "revision", 0, Number.MAX_SAFE_INTEGER),
  };
}

import { SlipwayError } from "@slipway/kernel";
import { downFile, type Migration, upFile } from "../migration.ts";
import { checksumsOf, type MigrationRef } from "../migration-ref.ts";
import { readSqlFile } from "./migration-files.ts";

/**
 * Reads the files of the migrations that a release names and compares them with the checksums that it
 * recorded. Nothing is parsed: that was done when the release was cut, and equal bytes need it only once.
 * Pass only what has to be applied: what is applied already needs no file.
 *
 * @throws {SlipwayError} SCHEMA_CHECKSUM_CHANGED for an edited file, MIGRATION_INVALID for a missing one.
 */
export function loadMigrations(folder: string, refs: readonly MigrationRef[]): Migration[] {
  return refs.map((ref) => {
    const up = readReleased(folder, upFile(ref.id), ref.up, ref.id);
    const down = ref.down === null ? null : readReleased(folder, downFile(ref.id), ref.down, ref.id);
    return {
      id: ref.id,
      version: /^\d+/.exec(ref.id)?.[0] ?? "",
      name: ref.id.replace(/^\d+_/, ""),
      up: up.text,
      down: down?.text ?? null,
      upSha256: up.sha256,
      downSha256: down?.sha256 ?? null,
      phase: ref.phase,
      kind: ref.kind,
      reason: null,
      late: ref.late,
      gap: ref.gap,
      unproved: ref.unproved,
      ...(ref.replaces === undefined ? {} : { replaces: ref.replaces.map(checksumsOf) }),
    };
  });
}

function readReleased(folder: string, file: string, digest: string, id: string) {
  const released = digest.replace(/^sha256:/, "");
  const found = readIfPresent(folder, file, id);
  if (found.sha256 !== released) {
    throw new SlipwayError("SCHEMA_CHECKSUM_CHANGED", {
      what: `Cannot use migration "${id}"`,
      why: `"${file}" has the checksum ${found.sha256.slice(0, 12)}…, the release recorded ${released.slice(0, 12)}…`,
      todo: `Restore ${file} from git; put the change in a new migration`,
    });
  }
  return found;
}

function readIfPresent(folder: string, file: string, id: string) {
  try {
    return readSqlFile(folder, file);
  } catch (cause) {
    if (!(cause instanceof Error && "code" in cause && cause.code === "ENOENT")) throw cause;
    throw new SlipwayError("MIGRATION_INVALID", {
      what: `Cannot read migration "${id}"`,
      why: `"${file}" is not in "${folder}", and the release needs it`,
      todo: "Check out a commit that has the release",
      cause,
    });
  }
}

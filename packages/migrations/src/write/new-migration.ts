import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { SlipwayError } from "@slipway/kernel";
import { compareVersions, downFile, type Phase, upFile } from "../migration.ts";
import { migrationTemplate } from "./migration-template.ts";

/** A migration that was just made; both paths are relative to the migrations folder. */
export interface NewMigration {
  readonly id: string;
  readonly phase: Phase;
  readonly up: string;
  readonly down: string;
}

const NAME = /^[a-z0-9_]+$/;

/**
 * Makes the two files of a new migration: `<UTC timestamp>_<name>.sql` and its rollback. Where the folder has a
 * version that is not older than now, the next number after it is taken: the order on disk is the order of
 * application.
 *
 * @param folder the migrations folder; made when missing.
 * @param now the time that the version is made of, in UTC, to the second.
 * @throws {SlipwayError} USAGE for a name that no file could have, FOLDER_NOT_WRITABLE; nothing is left behind.
 * @example
 * newMigration("migrations", "add_notes", { now: new Date(), phase: "expand" }).id; // "20260102030405_add_notes"
 */
export function newMigration(
  folder: string,
  name: string,
  { now, phase }: { readonly now: Date; readonly phase: Phase },
): NewMigration {
  if (!NAME.test(name)) throw badName(name);
  const id = `${nextVersion(folder, now)}_${name}`;
  const files = { up: upFile(id), down: downFile(id) };
  const texts = migrationTemplate(id, phase);
  const written: string[] = [];
  try {
    for (const part of ["down", "up"] as const) {
      const path = join(folder, files[part]);
      mkdirSync(dirname(path), { recursive: true });
      // Never over a file that is there, also when two people make one in the same second.
      writeFileSync(path, texts[part], { flag: "wx" });
      written.push(path);
    }
  } catch (cause) {
    for (const path of written) rmSync(path, { force: true });
    throw new SlipwayError("FOLDER_NOT_WRITABLE", {
      what: `Cannot make migration "${id}"`,
      why: cause instanceof Error ? cause.message : String(cause),
      todo: `See that ${folder} can be written to, and that no such file is there`,
      cause,
    });
  }
  return { id, phase, ...files };
}

function nextVersion(folder: string, now: Date): string {
  const stamp = now.toISOString().replace(/\D/g, "").slice(0, "YYYYMMDDhhmmss".length);
  const newest = versionsIn(folder).sort(compareVersions).at(-1);
  if (newest === undefined || compareVersions(newest, stamp) < 0) return stamp;
  return String(BigInt(newest) + 1n).padStart(newest.length, "0");
}

function versionsIn(folder: string): string[] {
  let names: string[];
  try {
    names = readdirSync(folder);
  } catch (cause) {
    if (cause instanceof Error && "code" in cause && cause.code === "ENOENT") return [];
    throw cause;
  }
  return names.map((name) => /^\d+(?=_.*\.sql$)/.exec(name)?.[0]).filter((version) => version !== undefined);
}

function badName(name: string): SlipwayError {
  const near = name
    .toLowerCase()
    .replace(/\.sql$/, "")
    .replace(/^\d{4,}_/, "")
    .replace(/[^a-z0-9]+/g, "_")
    .replace(/^_+|_+$/g, "");
  return new SlipwayError("USAGE", {
    what: `Cannot make a migration called "${name}"`,
    why: "a name is lower-case letters, digits and underscores",
    todo: `slipway migrate new ${NAME.test(near) ? near : "<name>"}`,
  });
}

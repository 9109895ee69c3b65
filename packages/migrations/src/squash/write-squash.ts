import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { SlipwayError, sha256 } from "@slipway/kernel";
import { downFile, type Migration, upFile } from "../migration.ts";
import type { SquashPlan } from "./plan-squash.ts";

/** Where a squash is prepared, and what tells that it was begun. Dot-files are no migrations. */
const PREPARED = ".squash";
const PARTIAL = ".squash.partial";

interface Journal {
  readonly id: string;
  readonly down: boolean;
  readonly remove: readonly { readonly file: string; readonly sha256: string }[];
}

/** What a squash did to a folder; files are relative to it. */
export interface SquashResult {
  readonly id: string;
  readonly written: readonly string[];
  readonly removed: readonly string[];
}

/**
 * Puts the squashed migration in the place of the single ones. Everything is prepared beside them and takes effect with one
 * rename: killed before it, the folder is as it was; killed after it, {@link finishSquash} ends the work.
 *
 * @throws {SlipwayError} SQUASH_REFUSED when a file is not as planned any more, FOLDER_NOT_WRITABLE.
 */
export function writeSquash(folder: string, parts: readonly Migration[], plan: SquashPlan): SquashResult {
  const partial = join(folder, PARTIAL);
  const remove = parts.flatMap(({ id, upSha256, downSha256 }) => [
    { file: upFile(id), sha256: upSha256 },
    ...(downSha256 === null ? [] : [{ file: downFile(id), sha256: downSha256 }]),
  ]);
  const journal: Journal = { id: plan.id, down: plan.down !== null, remove };
  refuseChanged(folder, journal);
  try {
    rmSync(partial, { recursive: true, force: true });
    mkdirSync(partial);
    writeFileSync(join(partial, "up.sql"), plan.up, { flush: true });
    if (plan.down !== null) writeFileSync(join(partial, "down.sql"), plan.down, { flush: true });
    writeFileSync(join(partial, "squash.json"), JSON.stringify(journal), { flush: true });
    renameSync(partial, join(folder, PREPARED));
  } catch (cause) {
    rmSync(partial, { recursive: true, force: true });
    throw new SlipwayError("FOLDER_NOT_WRITABLE", {
      what: "Cannot write the squashed migration",
      why: cause instanceof Error ? cause.message : String(cause),
      cause,
    });
  }
  return finishSquash(folder)!;
}

/**
 * Ends a squash that was interrupted, and clears away one that had not begun. Null where there is none.
 *
 * @throws {SlipwayError} SQUASH_REFUSED when one of the files to remove was edited meanwhile.
 */
export function finishSquash(folder: string): SquashResult | null {
  rmSync(join(folder, PARTIAL), { recursive: true, force: true });
  const prepared = join(folder, PREPARED);
  if (!existsSync(prepared)) return null;
  const journal = JSON.parse(readFileSync(join(prepared, "squash.json"), "utf8")) as Journal;
  refuseChanged(folder, journal);
  for (const { file } of journal.remove) rmSync(join(folder, file), { force: true });
  const written = [upFile(journal.id), ...(journal.down ? [downFile(journal.id)] : [])];
  // The rollback first: a migration without one would be refused.
  if (journal.down) move(join(prepared, "down.sql"), join(folder, downFile(journal.id)));
  move(join(prepared, "up.sql"), join(folder, upFile(journal.id)));
  rmSync(prepared, { recursive: true });
  return { id: journal.id, written, removed: journal.remove.map(({ file }) => file) };
}

/** Whether a squash was begun in a folder and not ended. */
export function squashUnfinished(folder: string): boolean {
  return existsSync(join(folder, PREPARED));
}

function move(from: string, to: string): void {
  mkdirSync(dirname(to), { recursive: true });
  if (existsSync(from)) renameSync(from, to);
}

function refuseChanged(folder: string, { id, remove }: Journal): void {
  const changed = remove.find(
    ({ file, sha256: was }) =>
      existsSync(join(folder, file)) && sha256(readFileSync(join(folder, file))) !== was,
  );
  if (changed === undefined) return;
  throw new SlipwayError("SQUASH_REFUSED", {
    what: `Cannot put "${id}" in the place of the single migrations`,
    why: `"${changed.file}" is not what was squashed`,
    todo: `Restore ${changed.file} from git, and run slipway migrate squash again`,
  });
}

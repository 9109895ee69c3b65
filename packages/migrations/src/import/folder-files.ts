import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { SlipwayError } from "@slipway/kernel";
import { readSqlFile } from "../read/migration-files.ts";

/** A migration that is no SQL. */
export const PROGRAM = /\.(?:[cm]?[jt]s|go|py|rb|java|kt|exs?)$/;

/** The names of the files of a folder, sorted; none where there is no such folder. */
export function filesOf(folder: string): string[] {
  if (!existsSync(folder) || !statSync(folder).isDirectory()) return [];
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.startsWith("."))
    .map(({ name }) => name)
    .sort();
}

/** The names of the folders in a folder, sorted. */
export function foldersOf(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith("."))
    .map(({ name }) => name)
    .sort();
}

/** A file's text, as a migration is read: UTF-8, without a byte order mark. */
export function textOf(folder: string, file: string): string {
  return readSqlFile(folder, file).text;
}

/** @throws {SlipwayError} USAGE for a folder that is not there. */
export function requireFolder(folder: string): void {
  if (existsSync(folder) && statSync(folder).isDirectory()) return;
  throw new SlipwayError("USAGE", {
    what: `Cannot import "${folder}"`,
    why: "there is no such folder",
    todo: "Name the folder that holds the migrations, for example supabase/migrations",
  });
}

/** Whether a folder holds another. */
export function hasFolder(folder: string, name: string): boolean {
  const path = join(folder, name);
  return existsSync(path) && statSync(path).isDirectory();
}

import { filesOf, requireFolder, textOf } from "./folder-files.ts";
import type { ForeignFolder, Layout } from "./foreign-migration.ts";
import { isMarked, markedLayouts, readBothInOne } from "./read-both-in-one.ts";
import { foldersAre, readFolders } from "./read-folders.ts";
import { readPairs } from "./read-pairs.ts";
import { readSupabase } from "./read-supabase.ts";

/**
 * Reads the migrations of another tool.
 *
 * @param from the tool, or `auto`: told by the names of the files and the comments in them.
 * @throws {SlipwayError} USAGE for a folder that is not there, MIGRATION_INVALID for a file that is not UTF-8.
 */
export function readForeignFolder(folder: string, from: Layout | "auto"): ForeignFolder {
  requireFolder(folder);
  const layout = from === "auto" ? guessLayout(folder) : from;
  switch (layout) {
    case "supabase":
      return readSupabase(folder);
    case "prisma":
    case "diesel":
      return readFolders(folder, layout);
    case "golang-migrate":
    case "flyway":
      return readPairs(folder, layout);
    case "node-pg-migrate": {
      const pairs = filesOf(folder).some((file) => /\.(?:up|down)\.sql$/.test(file));
      return pairs ? readPairs(folder, layout) : readBothInOne(folder, layout);
    }
    default:
      return readBothInOne(folder, layout);
  }
}

function guessLayout(folder: string): Layout {
  const files = filesOf(folder).filter((file) => file.endsWith(".sql"));
  if (files.some((file) => /^V\d.*__/.test(file))) return "flyway";
  if (files.some((file) => file.endsWith(".up.sql"))) return "golang-migrate";
  for (const layout of markedLayouts) {
    if (files.some((file) => isMarked(layout, textOf(folder, file)))) return layout;
  }
  return foldersAre(folder) ?? "supabase";
}

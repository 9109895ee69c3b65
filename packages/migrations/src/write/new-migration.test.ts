import { existsSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { type MigrationsFolder, migrationsFolder } from "../../testing/migrations-folder.ts";
import { readDirectives } from "../read/directives.ts";
import { readMigrations } from "../read/read-migrations.ts";
import { newMigration } from "./new-migration.ts";

const folders: MigrationsFolder[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) folder.remove();
});
function folderOf(files: Record<string, string>): string {
  const folder = migrationsFolder(files);
  folders.push(folder);
  return folder.path;
}
const now = new Date("2026-01-02T03:04:05.678Z");

test("a new migration and its rollback are named after the time in UTC", async () => {
  const folder = join(folderOf({}), "not_there_yet");
  expect(newMigration(folder, "add_notes", { now, phase: "expand" })).toEqual({
    id: "20260102030405_add_notes",
    phase: "expand",
    up: "20260102030405_add_notes.sql",
    down: "rollbacks/20260102030405_add_notes.sql",
  });
  await expect(readMigrations(folder)).rejects.toThrow("the file holds comments only");
});

test("the template of a contract migration says so in a directive, and no template holds any other", () => {
  for (const phase of ["expand", "contract"] as const) {
    const folder = folderOf({});
    const { up } = newMigration(folder, "a", { now, phase });
    const directives = readDirectives({ file: up, text: readFileSync(join(folder, up), "utf8") });
    expect(directives).toEqual({
      phase: phase === "contract" ? "contract" : null,
      kind: null,
      reason: null,
      late: null,
      gap: null,
    });
  }
});

test("a version is never older than, or the same as, one in the folder", () => {
  const folder = folderOf({ "20991231235959_far.sql": "select 1;" });
  expect(newMigration(folder, "a", { now, phase: "expand" }).id).toBe("20991231235960_a");
  expect(newMigration(folder, "b", { now, phase: "expand" }).id).toBe("20991231235961_b");
  expect(newMigration(folderOf({ "0007_old.sql": "" }), "a", { now, phase: "expand" }).id).toBe(
    "20260102030405_a",
  );
});

test.each(["Add Notes", "", "a/b", "../a", "20260101_a.sql", "ä", "a-b"])(
  'the name "%s" is refused',
  (name) => {
    const folder = folderOf({});
    expect(() => newMigration(folder, name, { now, phase: "expand" })).toThrow(
      expect.objectContaining({ code: "USAGE" }),
    );
    expect(readdirSync(folder)).toEqual([]);
  },
);

test("when one of the two files cannot be written, the other is not left behind", () => {
  const folder = folderOf({});
  mkdirSync(join(folder, "20260102030405_a.sql"));
  // A folder in the place of the up file takes the next version; a file in the place of rollbacks/ refuses.
  const blocked = folderOf({ rollbacks: "a file" });
  expect(() => newMigration(blocked, "a", { now, phase: "expand" })).toThrow(
    expect.objectContaining({ code: "FOLDER_NOT_WRITABLE" }),
  );
  expect(readdirSync(blocked)).toEqual(["rollbacks"]);
  const { id } = newMigration(folder, "a", { now, phase: "expand" });
  expect(id).toBe("20260102030406_a");
  expect(existsSync(join(folder, `rollbacks/${id}.sql`))).toBe(true);
});

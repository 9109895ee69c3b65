import { afterEach, expect, test } from "vitest";
import { type MigrationsFolder, migrationsFolder } from "../../testing/migrations-folder.ts";
import { readDirectives } from "./directives.ts";
import { readMigrations } from "./read-migrations.ts";
import { replacedBy, replacesLine } from "./replaces-directive.ts";

let folder: MigrationsFolder | undefined;
afterEach(() => folder?.remove());

const up = "a".repeat(64);
const down = "b".repeat(64);
const one = { id: "1_a", upSha256: up, downSha256: down };
const two = { id: "2_b", upSha256: down, downSha256: null };
const head = `${replacesLine(one)}\n${replacesLine(two)}\n`;
const read = (text: string) => () => readDirectives({ file: "2_s.sql", text });

test("a file says which migrations it replaces, with Unix and Windows line ends, and among thousands", () => {
  expect(replacedBy(`${head}select 1;`)).toEqual([one, two]);
  expect(replacedBy(`${head}select 1;`.replaceAll("\n", "\r\n"))).toEqual([one, two]);
  const many = Array.from({ length: 3_000 }, (_, index) => ({ ...one, id: `${index}_m` }));
  expect(replacedBy(`${many.map(replacesLine).join("\n")}\nselect 1;`)).toEqual(many);
  expect(replacedBy("select 1;")).toBeUndefined();
});

test("lines behind the first statement replace nothing", () => {
  expect(replacedBy(`select 1;\n${head}`)).toBeUndefined();
  expect(read(`select 1;\n${head}`)).toThrow("a directive stands before the first statement");
});

test("a line without both checksums, a migration named twice, and a contract or backfill are refused", () => {
  expect(read(`-- slipway: replaces 1_a ${up}\nselect 1;`)).toThrow("needs an id and two checksums");
  expect(read(`-- slipway: replaces 1_a ${up} none\nselect 1;`)).toThrow("needs an id and two checksums");
  expect(read(`${replacesLine(one)}\n${head}select 1;`)).toThrow('"1_a" is replaced twice');
  expect(read(`-- slipway: contract\n${head}select 1;`)).toThrow("where no older app serves");
  expect(read(`${head}-- slipway: backfill t by id\nselect 1;`)).toThrow("where no older app serves");
});

test("a squashed migration is the first of its folder, and an expand one although it drops", async () => {
  const sql = `${head}create table t (id int, old int);\nalter table t drop column old;\n`;
  folder = migrationsFolder({ "2_s.sql": sql, "rollbacks/2_s.sql": "drop table t;" });
  expect(await readMigrations(folder.path)).toMatchObject([
    { id: "2_s", phase: "expand", kind: "lossy", replaces: [one, two] },
  ]);
  folder.write({ "0_before.sql": "select 1;", "rollbacks/0_before.sql": "select 1;" });
  await expect(readMigrations(folder.path)).rejects.toThrow("is not the first one of the folder");
});

test("a squashed migration is not older than what it replaces", async () => {
  folder = migrationsFolder({ "1_s.sql": `${head}select 1;`, "rollbacks/1_s.sql": "select 1;" });
  await expect(readMigrations(folder.path)).rejects.toThrow(
    'it replaces "2_b", which is not older than itself',
  );
});

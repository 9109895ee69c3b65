// One file on purpose: the layouts of all tools go through one plan, and are read side by side.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { type MigrationsFolder, migrationsFolder } from "../../testing/migrations-folder.ts";
import { readMigrations } from "../read/read-migrations.ts";
import { applyImport } from "./apply-import.ts";
import type { ImportOptions } from "./import-plan.ts";
import { ourVersions } from "./our-versions.ts";
import { planImport } from "./plan-import.ts";

const folders: MigrationsFolder[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) folder.remove();
});
function folderOf(files: Record<string, string | Uint8Array>): string {
  const folder = migrationsFolder(files);
  folders.push(folder);
  return folder.path;
}

const now = new Date("2026-06-01T12:00:00Z");
const plan = (folder: string, options: Partial<ImportOptions> = {}) =>
  planImport(folder, { from: "auto", into: options.into ?? join(folderOf({}), "none"), now, ...options });

/** Imports a folder and reads what came of it. */
async function imported(files: Record<string, string | Uint8Array>) {
  const into = folderOf({});
  const made = await plan(folderOf(files), { into });
  applyImport(made, into);
  const migrations = await readMigrations(into);
  return {
    layout: made.layout,
    made,
    migrations: migrations.map(({ id, up, down, kind }) => ({ id, up, down, kind })),
  };
}

const table = "create table t (a int);\n";
const drop = "drop table t;\n";
const one = (id: string) => ({ id, up: table, down: drop, kind: "lossy" });

describe("a layout that is told by its files", () => {
  test.each([
    ["supabase/rollbacks/1_a.down.sql"],
    ["supabase/rollback/1_a.rollback.sql"],
    ["supabase/migrations/rollback/1_a.sql"],
    ["supabase/migrations/rollbacks/1_a_rollback.sql"],
    ["supabase/migrations/down/1_a.down.sql"],
    ["supabase/migrations-down/1_a.sql"],
  ])("supabase, with the rollback in %s", async (rollback) => {
    const { layout, migrations } = await imported({ "supabase/migrations/1_a.sql": table, [rollback]: drop });
    expect([layout, migrations]).toEqual(["supabase", [one("1_a")]]);
  });

  test("dbmate", async () => {
    const text = `-- migrate:up transaction:false\n${table}\n-- migrate:down\n${drop}`;
    const { layout, migrations } = await imported({ "20260101000000_a.sql": text });
    expect([layout, migrations]).toEqual(["dbmate", [one("20260101000000_a")]]);
  });

  test("node-pg-migrate, in one file", async () => {
    const text = `-- Up Migration\n\n${table}\n-- Down Migration\n${drop}`;
    const { layout, migrations } = await imported({ "1700000000000_add-table.sql": text });
    expect([layout, migrations]).toEqual(["node-pg-migrate", [one("1700000000000_add_table")]]);
  });

  test("golang-migrate, and node-pg-migrate's pairs", async () => {
    const { layout, migrations } = await imported({ "000001_a.up.sql": table, "000001_a.down.sql": drop });
    expect([layout, migrations]).toEqual(["golang-migrate", [one("000001_a")]]);
    const pairs = await plan(folderOf({ "1-a.up.sql": table, "1-a.down.sql": drop }), {
      from: "node-pg-migrate",
    });
    expect(pairs.migrations.map(({ id, state }) => [id, state])).toEqual([["1_a", "new"]]);
  });

  test("flyway, whose versions have parts", async () => {
    const { layout, migrations } = await imported({
      "V1.9__first.sql": table,
      "U1.9__first.sql": drop,
      "V1.10__second_One.sql": "select 2;",
    });
    expect(layout).toBe("flyway");
    expect(migrations.map(({ id, kind }) => [id, kind])).toEqual([
      ["109_first", "lossy"],
      ["110_second_one", "irreversible"],
    ]);
  });
});

test("versions with parts keep their order as digits, and digits stay as they are", () => {
  expect(ourVersions(["1", "1.1", "1.10", "2.0.1", "10"])).toEqual(["1000", "1010", "1100", "2001", "10000"]);
  expect(ourVersions(["007", "20260101"])).toEqual(["007", "20260101"]);
});

describe("a layout that divides files, or has a folder for each migration", () => {
  test.each([
    ["goose", "-- +goose Up\n-- +goose StatementBegin", "-- +goose StatementEnd", "-- +goose Down"],
    ["sql-migrate", "-- +migrate Up", "", "-- +migrate Down"],
  ])("%s: what undoes a migration is not taken for a part of it", async (tool, begin, end, down) => {
    const text = `-- about t\n${begin}\n${table}${end}\n\n${down}\n${drop}`;
    const { layout, migrations } = await imported({ "20260101000000_a.sql": text });
    const [only] = migrations;
    expect([layout, only?.down, only?.kind]).toEqual([tool, drop, "lossy"]);
    expect(only?.up).toContain(table);
    expect(only?.up).not.toContain("drop table");
  });

  test("goose: the end of a statement is its semicolon, and a file that wants variables filled in is refused", async () => {
    const mark = (word: string) => `-- +goose Statement${word}`;
    const body = [1, 2].map((one) => `${mark("Begin")}\nselect ${one}\n${mark("End")}`).join("\n");
    const { migrations } = await imported({ "1_a.sql": `-- +goose Up\n${body}` });
    expect(migrations[0]?.up).toContain(`select 1\n; ${mark("End")}\n`);
    const { problems } = await plan(
      folderOf({ "1_a.sql": "-- +goose Up\n-- +goose ENVSUB ON\nselect '$A';" }),
    );
    expect(problems).toMatchObject([{ file: "1_a.sql", why: expect.stringContaining("ENVSUB") }]);
  });

  test("prisma and diesel", async () => {
    const prisma = await imported({ "20260101000000_a/migration.sql": table, "migration_lock.toml": "" });
    expect([prisma.layout, prisma.migrations[0]?.id, prisma.made.skipped]).toEqual([
      "prisma",
      "20260101000000_a",
      ["migration_lock.toml"],
    ]);
    const diesel = await imported({
      "00000000000000_setup/up.sql": "select 1;",
      "2026-01-01-000000_a-b/up.sql": table,
      "2026-01-01-000000_a-b/down.sql": drop,
    });
    expect([diesel.layout, diesel.migrations.at(-1)]).toEqual(["diesel", one("20260101000000_a_b")]);
    const { problems } = await plan(folderOf({ "init/migration.sql": table }));
    expect(problems).toMatchObject([{ file: "init/", why: expect.stringContaining("version") }]);
  });
});

test("a place in a half of a file is the place in the file", async () => {
  const { problems } = await plan(
    folderOf({
      "1_a.sql": "-- x\n\n-- migrate:up\nselect 1;\n\n-- migrate:down\nselect 1;\ncreate tabel t;",
    }),
  );
  expect(problems.map(({ file }) => file)).toEqual(["1_a.sql:8:8"]);
});

test("an order that the other tool sees in names as texts, and nobody in versions as numbers, is refused", async () => {
  const names = ["20260101120000_a.sql", "20260101_b.sql", "20260102120000_c.sql"];
  const { problems } = await plan(folderOf(Object.fromEntries(names.map((name) => [name, "select 1;"]))));
  expect(problems).toMatchObject([
    { file: "20260101_b.sql", why: expect.stringContaining("after 20260101120000_a.sql") },
  ]);
});

test("a gap in Flyway's versions is told in its words, and the step to the next major one is none", async () => {
  const gap = (...files: string[]) =>
    plan(folderOf(Object.fromEntries(files.map((file) => [file, "select 1;"]))));
  expect((await gap("V1_9__a.sql", "V1_11__b.sql")).problems).toMatchObject([
    { why: "version 1.10 is missing" },
  ]);
  expect((await gap("V1.9__a.sql", "V2.0__b.sql", "V2.0.5__c.sql", "V20260101_03__d.sql")).problems).toEqual(
    [],
  );
});

test.each<[string, Record<string, string>, RegExp]>([
  ["programs", { "1_a.ts": "" }, /are programs, such as 1_a\.ts/],
  ["folders with something else", { "main/001_a.up.sql": table }, /known: there is only main\//],
  ["names without a version", { "0001-a.sql": table }, /known: there is only 0001-a\.sql/],
])("a folder of %s is told for what it is", async (_, files, why) => {
  const made = await plan(folderOf(files));
  expect(made.problems).toMatchObject([{ why: expect.stringMatching(why) }]);
  expect(() => applyImport(made, folderOf({}))).toThrow(
    expect.objectContaining({ what: "Cannot import these migrations" }),
  );
});

describe("what is changed is said", () => {
  test("a migration without a rollback, or with an empty one, becomes irreversible", async () => {
    const { migrations, made } = await imported({
      "1_a.up.sql": table,
      "2_b.up.sql": "select 2;",
      "2_b.down.sql": "-- none",
    });
    expect(migrations.map(({ up, kind }) => [up.split("\n")[0], kind])).toEqual([
      ["-- slipway: irreversible imported without a rollback", "irreversible"],
      ["-- slipway: irreversible imported with an empty rollback", "irreversible"],
    ]);
    expect(made.migrations[0]?.changes).toEqual(["imported without a rollback"]);
  });

  test("a transaction around the file goes; one that ends in the middle is a problem", async () => {
    const { migrations } = await imported({
      "1_a.up.sql": `-- x\nbegin;\n${table}commit;\n`,
      "1_a.down.sql": `begin;${drop}commit;`,
    });
    expect(migrations[0]).toMatchObject({ up: `-- x\n${table}`, down: drop });
    const { problems } = await plan(folderOf({ "1_a.up.sql": `begin;\n${table}commit;\nselect 1;` }));
    expect(problems.map(({ file }) => file)).toEqual(["1_a.up.sql:1:1"]);
    const around = await plan(folderOf({ "1_a.up.sql": `begin;\n${table}\\set a 1\ncommit;` }));
    expect(around.problems.map(({ file }) => file)).toEqual(["1_a.up.sql:3:1"]);
    const mixed = await plan(
      folderOf({ "1_a.up.sql": `begin;\n${table}create index concurrently i on t (a);\ncommit;` }),
    );
    expect(mixed.problems.map(({ file }) => file)).toEqual(["1_a.up.sql:3:1"]);
  });

  test("what an older app could not live with is allowed for ninety days, right above the statement", async () => {
    const up = "alter table t add column b int;\nalter table t drop column a; drop table u;\n";
    const { migrations, made } = await imported({ "1_a.up.sql": up, "1_a.down.sql": "select 1;" });
    const waiver = "-- slipway: allow ML101 until 2026-08-30 because it was applied before the import";
    expect(migrations[0]?.up).toBe(
      `alter table t add column b int;\n${waiver}\nalter table t drop column a; \n${waiver}\ndrop table u;\n`,
    );
    expect(made.migrations[0]?.changes).toEqual(["2 allowed until 2026-08-30 (ML101)"]);
  });

  test("an empty migration keeps its place", async () => {
    const { migrations } = await imported({ "1_a.up.sql": "-- nothing", "1_a.down.sql": "select 1;" });
    expect(migrations[0]?.up).toBe("-- nothing\nselect 1;\n");
  });
});

describe("nothing is written for", () => {
  const refused: [string, Record<string, string | Uint8Array>, RegExp][] = [
    [
      "a rollback beside Supabase's migrations",
      { "1_a.sql": table, "1_a.down.sql": drop },
      /run by Supabase's CLI as a migration/,
    ],
    ["a duplicated version", { "1_a.sql": table, "1_b.sql": table }, /^1_a\.sql has the same version/],
    ["a gap in a sequence", { "1_a.up.sql": table, "4_b.up.sql": table }, /^versions 2 to 3 are missing/],
    [
      "a rollback without its migration",
      { "1_a.up.sql": table, "2_b.down.sql": drop },
      /no migration of version 2/,
    ],
    [
      "two rollbacks of one migration",
      { "1_a.sql": table, "down/1_a.sql": drop, "rollback/1_a.sql": drop },
      /as well/,
    ],
    ["a repeatable migration", { "V1__a.sql": table, "R__view.sql": "select 1;" }, /repeatable/],
    ["a program", { "1_a.sql": `-- Up Migration\n${table}`, "2_b.js": "" }, /^it is a program/],
    [
      "a dbmate file without its down line",
      { "1_a.sql": `-- migrate:up\n${table}` },
      /has no line -- migrate:down/,
    ],
    [
      "halves in the wrong order",
      { "1_a.sql": `-- migrate:down\n${drop}-- migrate:up\n${table}` },
      /comes before/,
    ],
    ["what is not SQL", { "1_a.up.sql": "create tabel t;" }, /syntax error/],
    ["a command of psql", { "1_a.up.sql": "\\set a 1\nselect 1;" }, /commands of psql/],
    ["a file that is not UTF-8", { "1_a.up.sql": new Uint8Array([0xff, 0xfe, 0x41]) }, /UTF-8/],
    [
      "an index CONCURRENTLY in company",
      { "1_a.up.sql": `${table}create index concurrently i on t (a);` },
      /cannot run in a transaction/,
    ],
    ["a folder without migrations", { "README.md": "" }, /it holds no migrations/],
  ];
  test.each(refused)("%s", async (_what, files, why) => {
    const folder = folderOf(files);
    const into = folderOf({});
    const found = await plan(folder, { into }).catch((error: unknown) => error);
    if (found instanceof Error) expect(String((found as { why?: string }).why)).toMatch(why);
    else {
      const made = found as Awaited<ReturnType<typeof planImport>>;
      expect(made.problems.map((problem) => problem.why)).toEqual(
        expect.arrayContaining([expect.stringMatching(why)]),
      );
      expect(() => applyImport(made, into)).toThrow(expect.objectContaining({ code: "IMPORT_REFUSED" }));
    }
    expect(readdirSync(into)).toEqual([]);
  });
});

test("a name that ends in a word for undoing is a migration, unless it has the version of another", async () => {
  const alone = { "1_a.sql": table, "2_fix_rollback.sql": "select 2;" };
  expect((await plan(folderOf(alone))).problems).toEqual([]);
  const { problems } = await plan(folderOf({ ...alone, "1_a_rollback.sql": drop }));
  expect(problems.map(({ file }) => file)).toContain("1_a_rollback.sql");
});

test("a template says that its placeholders have to be written out", async () => {
  const { problems } = await plan(folderOf({ "V1__a.sql": "create table {{schema}}.t (a int);" }));
  expect(problems).toMatchObject([{ file: "V1__a.sql:1:14", todo: expect.stringContaining("placeholder") }]);
});

test("a gap is allowed with a reason, which is written into the file after it", async () => {
  const folder = folderOf({
    "1_a.up.sql": table,
    "1_a.down.sql": drop,
    "3_b.up.sql": "select 1;",
    "3_b.down.sql": "select 1;",
  });
  const { problems, migrations } = await plan(folder, { gapReason: "2 was never released" });
  expect(problems).toEqual([]);
  expect(migrations[1]?.up).toBe("-- slipway: gap version 2 is missing: 2 was never released\nselect 1;");
});

describe("an import that is run again", () => {
  test("adds what is new, and leaves alone what is there", async () => {
    const files = { "1_a.up.sql": table, "1_a.down.sql": drop };
    const into = folderOf({});
    applyImport(await plan(folderOf(files), { into }), into);
    const again = await plan(folderOf({ ...files, "2_b.up.sql": "select 2;", "2_b.down.sql": "select 1;" }), {
      into,
    });
    expect(again.migrations.map(({ id, state }) => [id, state])).toEqual([
      ["1_a", "same"],
      ["2_b", "new"],
    ]);
    expect(applyImport(again, into)).toEqual(["rollbacks/2_b.sql", "2_b.sql"]);
  });

  test("never overwrites, and refuses what would come before what is there", async () => {
    const into = folderOf({ "1_a.sql": "select 'ours';", "5_e.sql": "select 5;" });
    const folder = folderOf({
      "1_a.up.sql": table,
      "2_b.up.sql": table,
      "3_c.up.sql": table,
      "4_d.up.sql": table,
      "5_x.up.sql": table,
    });
    const { problems } = await plan(folder, { into });
    expect(problems.map(({ why }) => why)).toEqual([
      "1_a.sql is there already and differs",
      ...Array.from({ length: 3 }, () => "it is older than 5_e, which is there already"),
      "5_e.sql has the same version",
    ]);
    expect(readFileSync(join(into, "1_a.sql"), "utf8")).toBe("select 'ours';");
  });

  test("takes away what it wrote when it cannot go on", async () => {
    const into = folderOf({});
    const made = await plan(
      folderOf({
        "1_a.up.sql": table,
        "1_a.down.sql": drop,
        "2_b.up.sql": "select 1;",
        "2_b.down.sql": "select 2;",
      }),
      { into },
    );
    writeFileSync(join(into, "2_b.sql"), "somebody was faster");
    expect(() => applyImport(made, into)).toThrow(expect.objectContaining({ code: "FOLDER_NOT_WRITABLE" }));
    expect(readdirSync(into).sort()).toEqual(["2_b.sql", "rollbacks"]);
    expect(readdirSync(join(into, "rollbacks"))).toEqual([]);
  });
});

import { createHash } from "node:crypto";
import { renderError, type SlipwayError } from "@slipway/kernel";
import { afterEach, describe, expect, test } from "vitest";
import { type MigrationsFolder, migrationsFolder } from "../../testing/migrations-folder.ts";
import { migrationRef, plannedMigration } from "../migration-ref.ts";
import { loadMigrations } from "./load-migrations.ts";
import { readMigrations } from "./read-migrations.ts";

const folders: MigrationsFolder[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) folder.remove();
});

function folderOf(files: Record<string, string | Uint8Array>): string {
  const folder = migrationsFolder(files);
  folders.push(folder);
  return folder.path;
}

/** One migration `1_a` with the given up SQL and rollback. */
const one = (up: string | Uint8Array, down: string | Uint8Array = "drop table a;") =>
  folderOf({ "1_a.sql": up, "rollbacks/1_a.sql": down });

async function refusal(folder: string): Promise<SlipwayError> {
  return readMigrations(folder).then(
    () => expect.fail("the folder was accepted"),
    (error: SlipwayError) => error,
  );
}

const sha = (content: string | Uint8Array) => createHash("sha256").update(content).digest("hex");

describe("a folder that is in order", () => {
  test("gives its migrations in the order of their versions, with both files and their checksums", async () => {
    const migrations = await readMigrations(
      folderOf({
        "10_b.sql": "create table b (id int);",
        "rollbacks/10_b.sql": "drop table b;",
        "9_a.sql": "create table a (id int);",
        "rollbacks/9_a.sql": "drop table a;",
        "README.md": "how we write them",
        ".gitkeep": "",
      }),
    );
    expect(migrations.map(({ id }) => id)).toEqual(["9_a", "10_b"]);
    expect(migrations[0]).toEqual({
      id: "9_a",
      version: "9",
      name: "a",
      up: "create table a (id int);",
      down: "drop table a;",
      upSha256: sha("create table a (id int);"),
      downSha256: sha("drop table a;"),
      phase: "expand",
      kind: "lossy",
      reason: null,
    });
  });

  test("may be empty", async () => {
    expect(await readMigrations(folderOf({ "README.md": "" }))).toEqual([]);
  });

  test("may have a byte order mark and Windows line ends; the checksum is over the bytes as they are", async () => {
    const up = new TextEncoder().encode("\ufeff-- slipway: contract\r\ncreate table a (id int);\r\n");
    const [migration] = await readMigrations(one(up));
    expect(migration).toMatchObject({ phase: "contract", upSha256: sha(up) });
    expect(migration?.up.startsWith("-- slipway")).toBe(true);
  });

  test("may hold a migration of ten megabytes and a line of 128 KiB", async () => {
    const values = "x".repeat(10_000_000);
    const [migration] = await readMigrations(
      one(`create table a (v text); insert into a values ('${values}');`),
    );
    expect(migration?.up.length).toBeGreaterThan(10_000_000);
  }, 20_000);

  test("may hold functions in dollar quotes and in BEGIN ATOMIC, whose semicolons and COMMITs are not ours", async () => {
    const up = `create function f() returns int language plpgsql as $body$ begin commit; return 1; end; $body$;
      create procedure g() begin atomic select 1; select 2; end;`;
    expect(await readMigrations(one(up, "drop function f; drop procedure g;"))).toMatchObject([
      { kind: "lossless" },
    ]);
  });
});

describe("an order that is not that of the versions", () => {
  const pair = (id: string, header = "") => ({
    [`${id}.sql`]: `${header}select 1;`,
    [`rollbacks/${id}.sql`]: "select 1;",
  });

  test("is what a migration says of itself, with the reason", async () => {
    const header = "-- slipway: late after 3_c because two branches were merged\n";
    const migrations = await readMigrations(
      folderOf({ ...pair("1_a"), ...pair("2_b", header), ...pair("3_c") }),
    );
    expect(migrations.map(({ id }) => id)).toEqual(["1_a", "3_c", "2_b"]);
    expect(migrations[2]?.late).toEqual({ after: "3_c", reason: "two branches were merged" });
    expect(migrationRef(migrations[2]!).late).toEqual(migrations[2]?.late);
    expect(plannedMigration(migrationRef(migrations[2]!)).late).toBe(true);
    expect(plannedMigration(migrationRef(migrations[1]!))).not.toHaveProperty("late");
  });

  test.each([
    ["late", '"late" needs a migration and a reason'],
    ["late after 3_c", '"late" needs a migration and a reason'],
    ["late because it is", '"late" needs a migration and a reason'],
    ["late after 3_c because", '"late" needs a migration and a reason'],
    ["gap", '"gap" needs a reason'],
    ["late after 4_d because it is", '"4_d", which is not there'],
  ])('"%s" is refused', async (words, why) => {
    const files = { ...pair("2_b", `-- slipway: ${words}\n`), ...pair("3_c") };
    expect((await refusal(folderOf(files))).message).toContain(why);
  });
});

describe("files that do not belong", () => {
  test("a missing folder is refused", async () => {
    expect(renderError(await refusal("/nowhere/migrations"))).toContain("there is no such folder");
  });

  test.each([
    ["1_a.down.sql", "is run as a migration by other tools", "Move it to rollbacks/1_a.sql"],
    ["1_a_down.sql", '"1_a.sql" has the same version', "Move 1_a_down.sql to rollbacks/"],
    ["1_b.sql", '"1_a.sql" has the same version', "newer version"],
    ["001_b.sql", "has the same version", "newer version"],
    ["2_Upper.sql", "the name is not", "Rename it to 2_upper.sql"],
    ["2_b.up.sql", "the name is not", "Rename it to 2_b.sql"],
    ["b.sql", "the name is not", "Rename it"],
    ["notes.txt", "the name is not", "Rename it"],
    [
      "down/1_a.sql",
      "only rollbacks/, tests/ and invariants/ may be folders",
      "Move its files to rollbacks/",
    ],
    ["rollbacks/2_b.sql", 'there is no migration "2_b.sql"', "Give the rollback the name"],
    ["rollbacks/1_aa.sql", 'did you mean "1_a.sql"?', "Give the rollback the name"],
    ["rollbacks/1_a.down.sql", "the name is not", "Rename it to rollbacks/1_a.sql"],
  ])("%s is refused: %s", async (name, why, todo) => {
    const files = { "1_a.sql": "create table a (id int);", "rollbacks/1_a.sql": "drop table a;" };
    const error = await refusal(folderOf({ ...files, [name]: "select 1;" }));
    expect(error.code).toBe("MIGRATION_INVALID");
    expect(error.message).toContain(why);
    expect(error.todo).toContain(todo);
  });

  test("a migration without a rollback file is refused", async () => {
    const error = await refusal(folderOf({ "1_a.sql": "create table a (id int);" }));
    expect(error.code).toBe("MIGRATION_ROLLBACK_MISSING");
    expect(error.todo).toBe(
      'Write rollbacks/1_a.sql, or put -- slipway: irreversible <reason> at the top of 1_a.sql; it could be\n    drop table "a";',
    );
    const unknown = await refusal(folderOf({ "1_a.sql": "update t set a = 1;" }));
    expect(unknown.todo).toBe(
      "Write rollbacks/1_a.sql, or put -- slipway: irreversible <reason> at the top of 1_a.sql",
    );
  });
});

describe("contents that cannot be used", () => {
  test.each([
    ["an empty file", "", "the file is empty"],
    ["comments only", "-- nothing\n/* here */\n", "the file holds comments only"],
    ["bytes that are not UTF-8", new Uint8Array([0x2d, 0x2d, 0xff]), "it is not UTF-8"],
    ["a NUL", "select 'a\0b';", "NUL"],
    ["what is not SQL", "select 1;\nselect 'ö', fro m t where;", '1_a.sql:2:19: syntax error at or near "t"'],
    ["an open quote", "select 'abc", "1_a.sql:1:8: unterminated quoted string"],
    ["psql commands", "select 1;\n\\set x 1\n", "1_a.sql:2:1: commands of psql"],
    ["COPY FROM STDIN", "create table a (i int);\ncopy a from stdin;\n", "1_a.sql:2:1: COPY … FROM STDIN"],
    [
      "COPY with rows",
      "create table a (i int);\ncopy a from stdin;\n1\n\\.\n",
      "1_a.sql:3:1: COPY … FROM STDIN",
    ],
    ["BEGIN", "begin;\nselect 1;", "1_a.sql:1:1: each file is one transaction"],
    ["COMMIT", "select 1;\n  commit;", "1_a.sql:2:3: each file is one transaction"],
    ["ROLLBACK", "select 1;\nrollback;", "1_a.sql:2:1: each file is one transaction"],
    ["CREATE DATABASE", "create database x;", "CREATE DATABASE changes the server"],
    ["ALTER SYSTEM", "alter system set work_mem = '1MB';", "ALTER SYSTEM changes the server"],
    ["the ledger's schema", "delete from slipway.audit;", "belong to Slipway"],
    ["dropping the ledger", "drop schema slipway cascade;", "belong to Slipway"],
  ])("%s is refused", async (_name, up, why) => {
    const error = await refusal(one(up));
    expect(error.code).toBe("MIGRATION_INVALID");
    expect(error.message).toContain(why);
  });

  test("the message shows the line", async () => {
    expect(renderError(await refusal(one("select 1;\n  select fro m t;\n")))).toBe(
      [
        'MIGRATION_INVALID: Cannot use migration file "1_a.sql": 1_a.sql:2:16: syntax error at or near "t"',
        "    2 |   select fro m t;",
        "  do:   Correct the SQL",
        "  more: slipway explain MIGRATION_INVALID",
      ].join("\n"),
    );
  });

  test("the same holds for the rollback", async () => {
    const error = await refusal(one("create table a (id int);", "drop table a;\ncommit;"));
    expect(error.message).toContain("rollbacks/1_a.sql:2:1: each file is one transaction");
  });

  test("savepoints are allowed", async () => {
    await readMigrations(
      one("savepoint a; create table a (id int); rollback to a; create table a (id int);"),
    );
  });
});

describe("statements that cannot run in a transaction", () => {
  test("are accepted in a file of their own", async () => {
    await readMigrations(
      one(
        "create index concurrently i on t (c); create index concurrently j on t (d);",
        "drop index concurrently i; drop index concurrently j;",
      ),
    );
    await readMigrations(one("vacuum analyze t;", "select 1;"));
  });

  test.each([
    [
      "create table a (id int);\ncreate index concurrently i on t (c);",
      "1_a.sql:2:1: this statement cannot run",
    ],
    ["vacuum t; select 1;", "1_a.sql:1:1: this statement cannot run"],
    ["reindex (concurrently) table t; select 1;", "this statement cannot run"],
    ["create index concurrently on t (c);", "without a name"],
    ["alter table t detach partition p concurrently;", "can stop half way"],
  ])("%s is refused", async (up, why) => {
    expect((await refusal(one(up))).message).toContain(why);
  });
});

describe("directives", () => {
  const up = (head: string) => `-- Products\n${head}\n\ncreate table a (id int);\n-- end\n`;

  test("choose phase and kind, with the reason", async () => {
    const text = up("-- slipway: contract\n--slipway: lossless the rows are copied from b");
    expect(await readMigrations(one(text))).toMatchObject([
      { phase: "contract", kind: "lossless", reason: "the rows are copied from b" },
    ]);
  });

  test("make a migration irreversible, which then has no rollback file", async () => {
    const files = { "1_a.sql": up("-- slipway: irreversible letters are sent") };
    expect(await readMigrations(folderOf(files))).toMatchObject([
      { kind: "irreversible", down: null, downSha256: null, reason: "letters are sent" },
    ]);
    const error = await refusal(folderOf({ ...files, "rollbacks/1_a.sql": "drop table a;" }));
    expect(error.message).toContain("says it is irreversible and has the rollback file");
  });

  test.each([
    ["-- slipway: contrakt", '1_a.sql:2:1: there is no directive "contrakt": did you mean "contract"?'],
    ["-- slipway: skip", 'there is no directive "skip"\n'],
    ["-- slipway:", 'there is no directive ""'],
    ["-- slipway: contract later", '"contract" takes no further words'],
    ["-- slipway: lossless", '"lossless" needs a reason'],
    ["-- slipway: expand\n-- slipway: contract", "1_a.sql:3:1: the phase is given twice"],
    ["-- slipway: lossy a\n-- slipway: irreversible b", "the kind is given twice"],
  ])("%s is refused", async (head, why) => {
    expect((await refusal(one(up(head)))).message).toContain(why);
  });

  test("below the first statement are refused", async () => {
    const error = await refusal(one("create table a (id int);\n-- slipway: contract\n"));
    expect(error.message).toContain("1_a.sql:2:1: a directive stands before the first statement");
  });

  test("in a rollback file are refused", async () => {
    const error = await refusal(one("create table a (id int);", "-- slipway: lossy x\ndrop table a;"));
    expect(error.message).toContain("rollbacks/1_a.sql:1:1: directives belong to the migration");
  });
});

describe("migrations that a release names", () => {
  test("are read again by their digests, and an edited or missing file is refused", async () => {
    const folder = migrationsFolder({
      "1_a.sql": "create table a (id int);",
      "rollbacks/1_a.sql": "drop table a;",
      "2_broken.sql": "this belongs to a later release",
    });
    folders.push(folder);
    const [first] = await readMigrations(one("create table a (id int);"));
    const ref = migrationRef(first!);
    expect(ref).toMatchObject({ id: "1_a", up: `sha256:${first!.upSha256}`, phase: "expand", kind: "lossy" });
    expect(loadMigrations(folder.path, [ref])).toEqual([first]);
    expect(plannedMigration(ref)).toEqual({
      id: "1_a",
      phase: "expand",
      upSha256: first!.upSha256,
      downSha256: first!.downSha256,
    });

    folder.write({ "rollbacks/1_a.sql": "drop table a; " });
    expect(() => loadMigrations(folder.path, [ref])).toThrow(/"rollbacks\/1_a.sql" has the checksum/);
    expect(() => loadMigrations(folder.path, [{ ...ref, id: "3_c" }])).toThrow(/"3_c.sql" is not in/);
  });
});

import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { readLedger } from "@slipway/ledger";
import { type ScratchPostgres, scratchPostgres, testSeed } from "@slipway/toolchain/testing";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { generatedChains } from "../../testing/generated-migrations.ts";
import { type MigrationsFolder, migrationsFolder } from "../../testing/migrations-folder.ts";
import { scratchLedger } from "../../testing/scratch-ledger.ts";
import { diffFingerprints } from "../catalog/diff-fingerprints.ts";
import { type Fingerprint, fingerprint } from "../catalog/fingerprint.ts";
import type { Migration } from "../migration.ts";
import { planSchema } from "../plan/plan-schema.ts";
import { readMigrations } from "../read/read-migrations.ts";
import { applyMigrations } from "../run/apply-migrations.ts";
import { revertMigrations } from "../run/revert-migrations.ts";
import { planSquash } from "./plan-squash.ts";
import { proveSquash } from "./prove-squash.ts";
import { finishSquash, writeSquash } from "./write-squash.ts";

let postgres: ScratchPostgres;
let adminUrl: string;
const folders: MigrationsFolder[] = [];
beforeAll(async () => {
  postgres = await scratchPostgres();
  adminUrl = await postgres.createDatabase();
});
afterAll(() => {
  for (const folder of folders) folder.remove();
  postgres?.remove();
});

function folderOf(files: Record<string, string>): string {
  const folder = migrationsFolder(files);
  folders.push(folder);
  return folder.path;
}

const files = {
  "1_items.sql": "-- slipway: lock_timeout 1s\r\ncreate table items (id serial primary key, old int);\r\n",
  "rollbacks/1_items.sql": "drop table items;",
  "2_index.sql": "create index concurrently items_old on items (old);",
  "rollbacks/2_index.sql": "drop index concurrently items_old;",
  "3_move.sql":
    "-- slipway: contract\nset search_path = pg_catalog;\nalter table public.items drop column old;\ninsert into public.items default values",
  "rollbacks/3_move.sql":
    "delete from items; alter table items add column old int; create index items_old on items (old);",
  "4_kind.sql": "create table kinds (id uuid default gen_random_uuid());\ninsert into kinds default values;",
  "rollbacks/4_kind.sql": "drop table kinds;",
};

test("a squashed file makes the schema and rows of the single ones, is read again, and is the same to the ledger", async () => {
  const folder = folderOf(files);
  const singles = await readMigrations(folder);
  const plan = await planSquash(singles, { through: "4", name: "start" });
  expect(plan).toMatchObject({
    id: "4_start",
    parts: ["1_items", "2_index", "3_move", "4_kind"],
    problems: [],
  });
  const proof = await proveSquash(adminUrl, singles, plan);
  expect(proof).toMatchObject({ verdict: "pass", volatile: ["values of public.kinds.id"] });
  writeSquash(folder, singles, plan);
  expect(readdirSync(folder).sort()).toEqual(["4_start.sql", "rollbacks"]);
  expect(readdirSync(join(folder, "rollbacks"))).toEqual(["4_start.sql"]);
  const [squashed, ...rest] = await readMigrations(folder);
  expect(rest).toEqual([]);
  expect(squashed).toMatchObject({ phase: "expand", kind: "lossy", replaces: plan.replaces });
  const { db, context } = await scratchLedger(await postgres.createDatabase());
  await applyMigrations(db, [squashed!], context);
  const { applied } = await readLedger(db);
  expect(applied[0]?.replaces).toEqual(plan.replaces);
  expect(planSchema(applied, singles)).toMatchObject({ common: singles.map(({ id }) => id), blocked: null });
  await db.end();
});

test("a file that leads elsewhere, leaves other rows, or does not lead back is not proved", async () => {
  const singles = await readMigrations(folderOf(files));
  const plan = await planSquash(singles, { through: "4", name: "start" });
  const verdict = async (changes: Partial<typeof plan>) =>
    (await proveSquash(adminUrl, singles, { ...plan, ...changes })).why;
  expect(await verdict({ up: `${plan.up}\ncreate table more ();` })).toBe("as one, they make another schema");
  expect(await verdict({ up: `${plan.up}\ninsert into items default values;` })).toBe(
    "as one, they leave other rows",
  );
  expect(await verdict({ down: "drop table items;" })).toBe("its rollback does not lead back");
  expect(await verdict({ up: `${plan.up}\nnonsense;` })).toContain("it cannot be applied as one");
});

test("what cannot be joined is named with its reason, and what an irreversible part means", async () => {
  const folder = folderOf({
    ...files,
    "5_fill.sql": "-- slipway: backfill items by id\nupdate items set id = id where id between $1 and $2;",
    "rollbacks/5_fill.sql": "select 1;",
    "6_vacuum.sql": "vacuum items;",
    "rollbacks/6_vacuum.sql": "select 1;",
    "7_gone.sql": "-- slipway: irreversible the rows are gone\ndelete from kinds;",
  });
  const all = await readMigrations(folder);
  const plan = await planSquash(all, { through: "7_gone", name: "start" });
  expect(plan.problems).toEqual([
    { id: "5_fill", why: "a backfill runs in chunks, a transaction for each" },
    { id: "6_vacuum", why: "vacuum items runs in no transaction" },
  ]);
  expect(plan.down).toBeNull();
  expect(plan.up).toContain("-- slipway: irreversible 7_gone in it cannot be undone\n");
  await expect(planSquash(all, { through: "1", name: "start" })).rejects.toMatchObject({
    code: "SQUASH_REFUSED",
  });
  await expect(planSquash(all, { through: "9", name: "start" })).rejects.toMatchObject({ code: "USAGE" });
  expect((await planSquash(all, { through: "4", name: "kind" })).problems[0]?.why).toContain("of this name");
});

test("killed at any moment, the folder is as it was or is finished by the next squash", async () => {
  const before = folderOf(files);
  const singles = await readMigrations(before);
  const plan = await planSquash(singles, { through: "4", name: "start" });
  const done = folderOf(files);
  writeSquash(done, singles, plan);
  const wanted = (name: string) => readFileSync(join(done, name), "utf8");
  const names = [...Object.keys(files)];
  // The rename is what decides; after it, files go one by one and then the two new ones come.
  for (let gone = 0; gone <= names.length + 2; gone++) {
    const folder = folderOf(Object.fromEntries(Object.entries(files).slice(Math.min(gone, names.length))));
    const prepared = join(folder, ".squash");
    mkdirSync(prepared);
    const remove = singles.flatMap(({ id, upSha256, downSha256 }) => [
      { file: `${id}.sql`, sha256: upSha256 },
      { file: `rollbacks/${id}.sql`, sha256: downSha256 },
    ]);
    writeFileSync(join(prepared, "squash.json"), JSON.stringify({ id: plan.id, down: true, remove }));
    writeFileSync(join(prepared, "up.sql"), plan.up);
    writeFileSync(join(prepared, "down.sql"), plan.down!);
    mkdirSync(join(folder, "rollbacks"), { recursive: true });
    if (gone > names.length) cpSync(join(done, "rollbacks"), join(folder, "rollbacks"), { recursive: true });
    if (gone > names.length + 1) cpSync(join(done, "4_start.sql"), join(folder, "4_start.sql"));
    await expect(readMigrations(folder)).rejects.toThrow("that was interrupted");
    expect(finishSquash(folder)?.id).toBe("4_start");
    expect(readdirSync(folder).sort()).toEqual(["4_start.sql", "rollbacks"]);
    expect(readFileSync(join(folder, "4_start.sql"), "utf8")).toBe(wanted("4_start.sql"));
    expect(readFileSync(join(folder, "rollbacks/4_start.sql"), "utf8")).toBe(wanted("rollbacks/4_start.sql"));
  }
  mkdirSync(join(before, ".squash.partial"));
  expect(finishSquash(before)).toBeNull();
  expect(existsSync(join(before, ".squash.partial"))).toBe(false);
  expect(await readMigrations(before)).toEqual(singles);
  writeFileSync(join(before, "1_items.sql"), "select 1;");
  expect(() => writeSquash(before, singles, plan)).toThrow(
    expect.objectContaining({ code: "SQUASH_REFUSED" }),
  );
  expect(existsSync(join(before, "4_kind.sql"))).toBe(true);
});

test("any walk over releases before, at and after a squash ends in the schema of the direct way, or is refused unchanged", async () => {
  const draws = fc.tuple(
    generatedChains({ min: 3, max: 8 }),
    fc.nat(),
    fc.array(fc.nat(), { minLength: 4, maxLength: 7 }),
    fc.boolean(),
  );
  await fc.assert(
    fc.asyncProperty(draws, async ([pairs, cut, walk, fresh]) => {
      const folder = folderOf(
        Object.fromEntries(
          pairs.flatMap(([up, down], index) => [
            [`${index + 1}_step.sql`, `-- slipway: contract\n${up}`],
            [`rollbacks/${index + 1}_step.sql`, down],
          ]),
        ),
      );
      const singles = await readMigrations(folder);
      const count = 2 + (cut % (singles.length - 1));
      const plan = await planSquash(singles, { through: `${count}`, name: "squashed" });
      expect(await proveSquash(adminUrl, singles.slice(0, count), plan)).toMatchObject({
        verdict: "pass",
      });
      const prints = await straight(singles);
      writeSquash(folder, singles.slice(0, count), plan);
      const squashed = await readMigrations(folder);
      const releases: (readonly Migration[])[] = [
        ...singles.map((_, index) => singles.slice(0, index + 1)),
        ...squashed.map((_, index) => squashed.slice(0, index + 1)),
      ];
      const { db, context } = await scratchLedger(await postgres.createDatabase());
      const start = fresh ? squashed : singles.slice(0, count);
      for (const wanted of [start, ...walk.map((stop) => releases[stop % releases.length]!)]) {
        const was = await fingerprint(db);
        const { undo, apply, blocked } = planSchema((await readLedger(db)).applied, wanted);
        if (blocked?.code === "SCHEMA_SQUASHED") {
          expect((await fingerprint(db)).hash).toBe(was.hash);
          continue;
        }
        // Every part is a contract one and the squashed one is not: which is first is not the question here.
        const back = [...undo.contract, ...undo.expand];
        const forth = [...apply.expand, ...apply.contract];
        await revertMigrations(db, back, { ...context, allowLoss: back });
        await applyMigrations(
          db,
          wanted.filter(({ id }) => forth.includes(id)),
          context,
        );
        const length = wanted[0]?.replaces === undefined ? wanted.length : wanted.length + count - 1;
        expect(diffFingerprints(prints[length]!, await fingerprint(db)).differences).toEqual([]);
      }
      await db.end();
    }),
    { numRuns: 4, seed: testSeed(), endOnFailure: true },
  );
});

/** The fingerprint after each migration; the empty schema's first. */
async function straight(migrations: readonly Migration[]): Promise<Fingerprint[]> {
  const { db, context } = await scratchLedger(await postgres.createDatabase());
  const prints = [await fingerprint(db)];
  for (const migration of migrations) {
    await applyMigrations(db, [migration], context);
    prints.push(await fingerprint(db));
  }
  await db.end();
  return prints;
}

import { readFileSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type ScratchLedgers, scratchLedgers } from "../testing/scratch-ledger.ts";
import type { Database } from "./database.ts";

let ledgers: ScratchLedgers;
let db: Database;
let schema: string;

beforeAll(async () => {
  ledgers = await scratchLedgers();
  ({ db } = await ledgers.create());
  const describeSchema = readFileSync(new URL("../testing/describe-schema.sql", import.meta.url), "utf8");
  const [row] = await db.transaction(async () => {
    await db.script("set local search_path = pg_catalog");
    return await db.query<{ text: string }>(describeSchema);
  });
  schema = row!.text;
});
afterAll(() => ledgers.remove());

test("the schema is the one in schema.golden.txt (vitest -u after a wanted change)", async () => {
  await expect(`${schema}\n`).toMatchFileSnapshot("../schema.golden.txt");
});

test("everybody may use the schema and read the head, and nothing else but the roles for flags call the API", () => {
  const granted = schema
    .split("\n")
    .filter((line) => !/ to owner:/.test(line) && line.startsWith("grant on "));
  expect(granted.filter((line) => !line.includes("slipway_api"))).toEqual([
    "grant on schema slipway to public: USAGE",
    "grant on view schema_head to public: SELECT",
  ]);
  const api = granted.filter((line) => line.includes("slipway_api"));
  expect(
    api.filter((line) => !/ to slipway_flag_(reader|killer|releaser): (EXECUTE|USAGE)$/.test(line)),
  ).toEqual([]);
  expect(api.filter((line) => /kill_flag.* to slipway_flag_reader/.test(line))).toEqual([]);
  expect(api.length).toBeGreaterThan(20);
});

test("not even the owner may change the audit without granting it first", () => {
  expect(schema).toContain("grant on table audit to owner: INSERT, REFERENCES, SELECT, TRIGGER\n");
});

test("no function of the ledger itself runs with the rights of its owner", async () => {
  const definers = await db.query(
    "select proname from pg_proc where pronamespace = 'slipway'::regnamespace and prosecdef",
  );
  expect(definers).toEqual([]);
});

test("every function that runs with the rights of its owner has a fixed search path", async () => {
  const open = await db.query(
    `select p.oid::regprocedure::text as name from pg_proc p
     where p.pronamespace = 'slipway_api'::regnamespace
       and (not p.prosecdef or p.proconfig is distinct from array['search_path=pg_catalog, pg_temp'])`,
  );
  expect(open).toEqual([]);
});

// One file on purpose: every probe is a change of the same schema, on one server, and a missing one shows in one list.
import { connect, type Database } from "@slipway/ledger";
import {
  DEBIAN_POSTGRES,
  debianPostgres,
  type ScratchPostgres,
  scratchPostgres,
} from "@slipway/toolchain/testing";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { scratchLedger } from "../../testing/scratch-ledger.ts";
import { describeDifference, diffFingerprints } from "./diff-fingerprints.ts";
import { fingerprint } from "./fingerprint.ts";

/** One of most things that a schema can hold. */
const base = `
  create role app; create role auditor;
  create schema api;
  create type mood as enum ('ok', 'bad');
  create type pair as (a int, b text);
  create domain amount as numeric(10, 2) check (value >= 0);
  create type span as range (subtype = numeric);
  create sequence counter;
  create function double(n int) returns int language sql as 'select n * 2';
  create procedure tidy() language sql as 'select 1';
  create aggregate total(int) (sfunc = int4pl, stype = int, initcond = '0');
  create function audit() returns trigger language plpgsql as $$ begin return new; end $$;
  create function notice() returns event_trigger language plpgsql as $$ begin end $$;
  create table customers (
    id bigint generated always as identity primary key, name text not null default 'x', mail text unique,
    size int check (size > 0), m mood, price amount, twice int generated always as (size * 2) stored
  );
  create table orders (id int primary key, customer bigint references customers (id), note text, at date default '2020-01-02');
  create table parts (id int, day date) partition by range (day);
  create table parts_1 partition of parts for values from ('2020-01-01') to ('2021-01-01');
  create table parent (id int);
  create table child (extra int) inherits (parent);
  create index orders_note on orders (note);
  create unique index orders_at on orders (at, id);
  create view open_orders as select id, note from orders;
  create materialized view summary as select count(*) as n from orders;
  create trigger audit before update on orders for each row execute function audit();
  create rule no_delete as on delete to customers do instead nothing;
  alter table orders enable row level security;
  create policy mine on orders for select to app using (customer = 1);
  create publication feed for table orders (id, note);
  create statistics orders_stats on note, at from orders;
  create event trigger watch on ddl_command_end execute function notice();
  create foreign data wrapper files; create server disk foreign data wrapper files options (path '/a');
  create foreign table far (id int) server disk options (name 'b');
  create collation german (provider = icu, locale = 'de');
  create text search configuration words (copy = simple);
  create operator === (leftarg = int, rightarg = int, function = int4eq);
  create cast (pair as text) with inout as assignment;
  comment on table orders is 'all of them';
  grant select on orders to app;
  alter default privileges in schema api grant select on tables to app;
`;

/** A change and what takes it back, and the object in which it shows. */
const probes: readonly (readonly [change: string, undo: string, seen: string])[] = [
  ["create schema s", "drop schema s", "schema s is left over"],
  ["alter schema api owner to app", "alter schema api owner to postgres", "schema api is different"],
  ["grant usage on schema api to app", "revoke usage on schema api from app", "schema api is different"],
  ["create table t ()", "drop table t", "table public.t is left over"],
  [
    "alter table parent owner to app",
    "alter table parent owner to postgres",
    "table public.parent is different",
  ],
  ["grant insert on orders to app", "revoke insert on orders from app", "table public.orders is different"],
  [
    "grant select (note) on orders to auditor",
    "revoke select (note) on orders from auditor",
    "column public.orders.note is different",
  ],
  [
    "alter table orders disable row level security",
    "alter table orders enable row level security",
    "table public.orders is different",
  ],
  [
    "alter table orders force row level security",
    "alter table orders no force row level security",
    "table public.orders is different",
  ],
  [
    "alter table orders set (fillfactor = 70)",
    "alter table orders reset (fillfactor)",
    "table public.orders is different",
  ],
  [
    "alter table orders set (toast.autovacuum_enabled = false)",
    "alter table orders reset (toast.autovacuum_enabled)",
    "table public.orders is different",
  ],
  [
    "alter table orders replica identity full",
    "alter table orders replica identity default",
    "table public.orders is different",
  ],
  ["alter table parent set unlogged", "alter table parent set logged", "table public.parent is different"],
  [
    "alter table orders add column extra int",
    "alter table orders drop column extra",
    "column public.orders.extra is left over",
  ],
  [
    "alter table customers alter mail type varchar(10)",
    "alter table customers alter mail type text",
    "column public.customers.mail is different",
  ],
  [
    "alter table orders alter note set not null",
    "alter table orders alter note drop not null",
    "column public.orders.note is different",
  ],
  [
    "alter table orders alter note set default 'n'",
    "alter table orders alter note drop default",
    "column public.orders.note is different",
  ],
  [
    "alter table orders alter note set storage external",
    "alter table orders alter note set storage extended",
    "column public.orders.note is different",
  ],
  [
    "alter table orders alter note set compression pglz",
    "alter table orders alter note set compression default",
    "column public.orders.note is different",
  ],
  [
    "alter table orders alter note set statistics 500",
    "alter table orders alter note set statistics -1",
    "column public.orders.note is different",
  ],
  [
    "alter table orders alter note set (n_distinct = 5)",
    "alter table orders alter note reset (n_distinct)",
    "column public.orders.note is different",
  ],
  [
    'alter table customers alter mail type text collate "C"',
    "alter table customers alter mail type text",
    "column public.customers.mail is different",
  ],
  [
    "alter table customers alter id set generated by default",
    "alter table customers alter id set generated always",
    "column public.customers.id is different",
  ],
  [
    "alter table customers alter twice drop expression",
    "alter table customers drop column twice, add column twice int generated always as (size * 2) stored",
    "column public.customers.twice is different",
  ],
  [
    "alter table orders rename column note to notes",
    "alter table orders rename column notes to note",
    "column public.orders.note is gone",
  ],
  ["create index i on orders (customer)", "drop index i", "index public.i is left over"],
  [
    "update pg_index set indisvalid = false where indexrelid = 'orders_note'::regclass",
    "update pg_index set indisvalid = true where indexrelid = 'orders_note'::regclass",
    "index public.orders_note is different",
  ],
  [
    "alter table orders cluster on orders_note",
    "alter table orders set without cluster",
    "index public.orders_note is different",
  ],
  [
    "alter index orders_note set (fillfactor = 60)",
    "alter index orders_note reset (fillfactor)",
    "index public.orders_note is different",
  ],
  [
    "alter table orders add constraint c check (id > 0) not valid",
    "alter table orders drop constraint c",
    "constraint public.orders.c is left over",
  ],
  [
    "alter table orders alter constraint orders_customer_fkey deferrable",
    "alter table orders alter constraint orders_customer_fkey not deferrable",
    "constraint public.orders.orders_customer_fkey is different",
  ],
  [
    "alter domain amount drop constraint amount_check",
    "alter domain amount add check (value >= 0)",
    "constraint public.amount.amount_check is gone",
  ],
  [
    "alter table customers rename constraint customers_size_check to s",
    "alter table customers rename constraint s to customers_size_check",
    "constraint public.customers.customers_size_check is gone",
  ],
  [
    "alter table orders disable trigger audit",
    "alter table orders enable trigger audit",
    "trigger public.orders.audit is different",
  ],
  [
    "create trigger more after insert on orders for each row execute function audit()",
    "drop trigger more on orders",
    "trigger public.orders.more is left over",
  ],
  [
    "alter table customers disable rule no_delete",
    "alter table customers enable rule no_delete",
    "rule public.customers.no_delete is different",
  ],
  [
    "create policy all_mine on orders using (true)",
    "drop policy all_mine on orders",
    "policy public.orders.all_mine is left over",
  ],
  [
    "alter policy mine on orders using (customer = 2)",
    "alter policy mine on orders using (customer = 1)",
    "policy public.orders.mine is different",
  ],
  [
    "alter policy mine on orders to public",
    "alter policy mine on orders to app",
    "policy public.orders.mine is different",
  ],
  [
    "create or replace view open_orders as select id, upper(note) as note from orders",
    "create or replace view open_orders as select id, note from orders",
    "view public.open_orders is different",
  ],
  [
    "alter view open_orders set (security_invoker = true)",
    "alter view open_orders reset (security_invoker)",
    "view public.open_orders is different",
  ],
  [
    "refresh materialized view summary with no data",
    "refresh materialized view summary",
    "materialized view public.summary is different",
  ],
  [
    "alter sequence counter increment 5",
    "alter sequence counter increment 1",
    "sequence public.counter is different",
  ],
  [
    "alter sequence counter owned by orders.id",
    "alter sequence counter owned by none",
    "sequence public.counter is different",
  ],
  [
    "create or replace function double(n int) returns int language sql as 'select n + n'",
    "create or replace function double(n int) returns int language sql as 'select n * 2'",
    "function public.double(integer) is different",
  ],
  [
    "alter function double(int) set search_path = api",
    "alter function double(int) reset search_path",
    "function public.double(integer) is different",
  ],
  [
    "alter function double(int) security definer",
    "alter function double(int) security invoker",
    "function public.double(integer) is different",
  ],
  [
    "revoke execute on function double(int) from public",
    "grant execute on function double(int) to public",
    "function public.double(integer) is different",
  ],
  [
    "create function double(n text) returns text language sql as 'select n'",
    "drop function double(text)",
    "function public.double(text) is left over",
  ],
  [
    "alter procedure tidy() owner to app",
    "alter procedure tidy() owner to postgres",
    "procedure public.tidy() is different",
  ],
  [
    "create or replace aggregate total(int) (sfunc = int4pl, stype = int, initcond = '1')",
    "create or replace aggregate total(int) (sfunc = int4pl, stype = int, initcond = '0')",
    "aggregate public.total(integer) is different",
  ],
  [
    "alter type mood rename value 'bad' to 'sad'",
    "alter type mood rename value 'sad' to 'bad'",
    "type public.mood is different",
  ],
  [
    "alter type pair add attribute c int",
    "alter type pair drop attribute c",
    "type public.pair is different",
  ],
  [
    "alter domain amount set default 1",
    "alter domain amount drop default",
    "type public.amount is different",
  ],
  ["alter type span owner to app", "alter type span owner to postgres", "type public.span is different"],
  [
    "revoke usage on type mood from public",
    "grant usage on type mood to public",
    "type public.mood is different",
  ],
  [
    "alter table parts detach partition parts_1",
    "alter table parts attach partition parts_1 for values from ('2020-01-01') to ('2021-01-01')",
    "table public.parts_1 is different",
  ],
  [
    "create table parts_2 partition of parts default",
    "drop table parts_2",
    "table public.parts_2 is left over",
  ],
  [
    "alter table child no inherit parent",
    "drop table child; create table child (extra int) inherits (parent)",
    "table public.child is different",
  ],
  [
    "comment on table orders is 'none'",
    "comment on table orders is 'all of them'",
    "comment table public.orders is different",
  ],
  [
    "comment on column orders.note is 'x'",
    "comment on column orders.note is null",
    "comment table column public.orders.note is left over",
  ],
  [
    "alter default privileges in schema api revoke select on tables from app",
    "alter default privileges in schema api grant select on tables to app",
    "default privileges for postgres in api on r is gone",
  ],
  [
    "alter publication feed set table orders (id)",
    "alter publication feed set table orders (id, note)",
    "publication feed is different",
  ],
  [
    "alter publication feed set (publish = 'insert')",
    "alter publication feed set (publish = 'insert, update, delete, truncate')",
    "publication feed is different",
  ],
  [
    "alter event trigger watch disable",
    "alter event trigger watch enable",
    "event trigger watch is different",
  ],
  [
    "alter statistics orders_stats set statistics 50",
    "alter statistics orders_stats set statistics -1",
    "statistics public.orders_stats is different",
  ],
  [
    "alter server disk options (set path '/b')",
    "alter server disk options (set path '/a')",
    "server disk is different",
  ],
  [
    "create user mapping for app server disk",
    "drop user mapping for app server disk",
    "user mapping disk app is left over",
  ],
  [
    "alter foreign table far options (set name 'c')",
    "alter foreign table far options (set name 'b')",
    "foreign table public.far is different",
  ],
  [
    "drop collation german",
    "create collation german (provider = icu, locale = 'de')",
    "collation public.german is gone",
  ],
  [
    "alter text search configuration words drop mapping for word",
    "alter text search configuration words add mapping for word with simple",
    "text search configuration public.words is different",
  ],
  [
    "drop operator === (int, int)",
    "create operator === (leftarg = int, rightarg = int, function = int4eq)",
    "operator public.===(integer,integer) is gone",
  ],
  [
    "drop cast (pair as text)",
    "create cast (pair as text) with inout as assignment",
    "cast public.pair as text is gone",
  ],
  [
    "revoke usage on language plpgsql from public",
    "grant usage on language plpgsql to public",
    "language plpgsql is different",
  ],
  [
    "alter database shop set work_mem = '5MB'",
    "alter database shop reset work_mem",
    "database setting for everybody is left over",
  ],
  [
    "revoke temp on database shop from public",
    "grant temp on database shop to public",
    "database (this one) is different",
  ],
  ["create extension citext", "drop extension citext", "extension citext is left over"],
];

/** The same on two major versions: the catalogs differ, and the statement has to do with both. */
describe.each([
  ["the embedded Postgres", () => scratchPostgres()],
  [`Debian's Postgres ${DEBIAN_POSTGRES}`, () => debianPostgres()],
])("on %s", (_name, start) => {
  let postgres: ScratchPostgres;
  let db: Database;
  let missing: string | null = null;
  beforeAll(async () => {
    const started = await start();
    if (typeof started === "string") {
      missing = started;
      return;
    }
    postgres = started;
    db = await connect(await postgres.createDatabase("shop"));
    await db.script(base);
  });
  beforeEach(({ skip }) => skip(missing !== null, missing ?? ""));
  afterAll(async () => {
    await db?.end();
    postgres?.remove();
  });

  describe("one change", () => {
    test.each(probes)("is seen, and its undoing too: %s", async (change, undo, seen) => {
      const before = await fingerprint(db);
      await db.script(change);
      const after = await fingerprint(db);
      expect(after.hash).not.toBe(before.hash);
      expect(diffFingerprints(before, after).differences.map(describeDifference)).toContain(seen);
      await db.script(undo);
      const again = await fingerprint(db);
      expect(diffFingerprints(before, again).differences).toEqual([]);
      expect(again.hash).toBe(before.hash);
    });
  });

  describe("what is not the schema", () => {
    const same = async (changes: string) => {
      const before = await fingerprint(db);
      await db.script(changes);
      expect((await fingerprint(db)).hash).toBe(before.hash);
    };

    test("rows and values of sequences are not seen", () =>
      same(
        "insert into customers (name, size) values ('a', 1); select nextval('counter'); analyze customers",
      ));

    test("a privilege that is granted and revoked, or granted twice, leaves no trace", () =>
      same("grant all on customers to app; revoke all on customers from app; grant select on orders to app"));

    test("settings of the session change nothing", async () => {
      await same(
        "set search_path = api; set datestyle = 'German'; set timezone = 'Asia/Tokyo'; set quote_all_identifiers = on",
      );
      await db.script("reset all");
    });

    test("the ledger and what is saved are not seen", async () => {
      const before = await fingerprint(db);
      const { db: other } = await scratchLedger(await postgres.createDatabase());
      const empty = await fingerprint(other);
      await other.script(
        "create schema slipway_saved; create table slipway_saved.t (); comment on table slipway_saved.t is 'x'",
      );
      expect((await fingerprint(other)).objects).toEqual(empty.objects);
      const plain = await connect(await postgres.createDatabase());
      expect(diffFingerprints(await fingerprint(plain), empty).differences).toEqual([]);
      await plain.end();
      await other.end();
      expect(before.objects.some(({ name }) => name.includes("slipway"))).toBe(false);
    });

    test("the order of columns is told apart from the schema", async () => {
      const before = await fingerprint(db);
      await db.script(
        "alter table orders drop column at; alter table orders add column at date default '2020-01-02'",
      );
      await db.script(
        "create unique index orders_at on orders (at, id); create statistics orders_stats on note, at from orders",
      );
      const after = await fingerprint(db);
      expect(diffFingerprints(before, after)).toEqual({ differences: [], reordered: [] });
      expect(after.hash).toBe(before.hash);
      await db.script("alter table parent add column a int, add column b int");
      const straight = await fingerprint(db);
      await db.script("alter table parent drop column a; alter table parent add column a int");
      const crooked = await fingerprint(db);
      expect(diffFingerprints(straight, crooked)).toEqual({
        differences: [],
        reordered: ["public.child", "public.parent"],
      });
      expect(crooked.columnOrder["public.parent"]).toBe("id, b, a");
    });
  });

  test("the same schema made in another database, another order and by way of other objects has the same hash", async () => {
    const make = async (sql: string) => {
      const other = await connect(await postgres.createDatabase());
      await other.script(sql);
      const print = await fingerprint(other);
      await other.end();
      return print;
    };
    const one = await make(
      "create table a (id int primary key); create table b (id int, x text); create view v as select * from b; create index i on b (id)",
    );
    const two = await make(
      "create table old (id int, gone int, x text); alter table old drop column gone; alter table old rename to b; create index j on b (id); alter index j rename to i; create view v as select id, x from b; create table a (id int primary key)",
    );
    expect(diffFingerprints(one, two)).toEqual({ differences: [], reordered: [] });
    expect(two.hash).toBe(one.hash);
  });

  test("definitions are given when asked for, and shown in a diff", async () => {
    const before = await fingerprint(db, { definitions: true });
    await db.script("alter table customers alter mail set default 'm'");
    const { differences } = diffFingerprints(before, await fingerprint(db, { definitions: true }));
    expect(differences).toHaveLength(1);
    expect(differences[0]?.after?.replace(",'m'::text,", ",,")).toBe(differences[0]?.before);
    expect((await fingerprint(db)).objects[0]).not.toHaveProperty("definition");
  });

  test("any user may take a fingerprint", async () => {
    const before = await fingerprint(db);
    await db.script("set role auditor");
    expect((await fingerprint(db)).objects.length).toBe(before.objects.length);
    await db.script("reset role");
  });

  test("an index that a failed CONCURRENTLY left invalid is told from the valid one", async () => {
    await db.script("create table twice (id int); insert into twice values (1), (1)");
    const before = await fingerprint(db);
    await expect(db.script("create unique index concurrently twice_id on twice (id)")).rejects.toThrow();
    const invalid = await fingerprint(db);
    expect(diffFingerprints(before, invalid).differences.map(describeDifference)).toEqual([
      "index public.twice_id is left over",
    ]);
    await db.script("drop index twice_id; delete from twice; create unique index twice_id on twice (id)");
    expect(diffFingerprints(invalid, await fingerprint(db)).differences.map(describeDifference)).toEqual([
      "index public.twice_id is different",
    ]);
    await db.script("drop table twice");
  });

  test("a counter that some minor versions keep in the column's options counts for nothing", async () => {
    const before = await fingerprint(db);
    const write = (options: string) =>
      db.script(
        `update pg_attribute set attoptions = ${options} where attrelid = 'orders'::regclass and attname = 'note'`,
      );
    await write("'{pg_attver=7}'");
    expect((await fingerprint(db)).hash).toBe(before.hash);
    await write("'{pg_attver=7,n_distinct=5}'");
    expect(diffFingerprints(before, await fingerprint(db)).differences.map(describeDifference)).toEqual([
      "column public.orders.note is different",
    ]);
    await write("null");
  });

  test("roles count where they are asked for: their attributes, memberships and settings", async () => {
    const roles = () => fingerprint(db, { roles: true });
    const seen = async (change: string, undo: string) => {
      const [without, before] = [await fingerprint(db), await roles()];
      await db.script(change);
      expect((await fingerprint(db)).hash).toBe(without.hash);
      const { differences } = diffFingerprints(before, await roles());
      await db.script(undo);
      expect((await roles()).hash).toBe(before.hash);
      return differences.map(describeDifference);
    };
    expect(await seen("create role guest", "drop role guest")).toEqual(["role guest is left over"]);
    expect(await seen("grant app to auditor", "revoke app from auditor")).toEqual([
      "role auditor is different",
    ]);
    expect(await seen("alter role app bypassrls", "alter role app nobypassrls")).toEqual([
      "role app is different",
    ]);
    expect(await seen("alter role app set work_mem = '5MB'", "alter role app reset work_mem")).toEqual([
      "role app is different",
    ]);
  });

  test("names that only capitals or accents tell apart are sorted the same under every collation", async () => {
    const made =
      'create table b (id int); create table "B" (id int); create table a_ (id int); create table a (id int); create table "é" (id int)';
    const of = async (options: string) => {
      const name = `sorted_${Math.random().toString(36).slice(2, 8)}`;
      await db.script(`create database ${name} template template0 ${options}`);
      const other = await connect(postgres.adminUrl.replace(/postgres$/, name));
      await other.script(made);
      const print = await fingerprint(other);
      await other.end();
      return print.objects.filter(({ kind }) => kind === "table").map(({ name: table }) => table);
    };
    const plain = await of("locale 'C'");
    expect(plain).toEqual(['public."B"', 'public."é"', "public.a", "public.a_", "public.b"]);
    expect(await of("locale_provider icu icu_locale 'de' locale 'C'")).toEqual(plain);
  });
});

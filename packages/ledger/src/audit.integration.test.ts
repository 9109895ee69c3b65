import { canonicalJson, createRedactor, type Json } from "@slipway/kernel";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { auditOf, hold, type ScratchLedgers, scratchLedgers } from "../testing/scratch-ledger.ts";
import { appendAudit } from "./append-audit.ts";
import { connect } from "./connect.ts";
import type { Database } from "./database.ts";
import { readLedger } from "./read-ledger.ts";
import { verifyAudit } from "./verify-audit.ts";

let ledgers: ScratchLedgers;
let url: string;
let db: Database;

beforeAll(async () => {
  ledgers = await scratchLedgers();
  ({ url, db } = await ledgers.create());
});
afterAll(() => ledgers.remove());

const note = (data: Readonly<Record<string, unknown>> = {}) => ({
  actor: "ann",
  run: null,
  kind: "note",
  subject: null,
  data,
});

/** Every character that a text in Postgres may hold: all of Unicode but NUL and halves of surrogate pairs. */
const text = fc.string({ unit: "binary", maxLength: 30 }).map((value) => value.replaceAll("\0", ""));
const scalar = fc.oneof(
  text,
  fc.maxSafeInteger(),
  fc.boolean(),
  fc.constant(null),
  fc.constantFrom(0, -0, 2 ** 53 - 1, -(2 ** 53) + 1),
);
const json = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 5, withCrossShrink: true },
    scalar,
    fc.array(tie("value"), { maxLength: 5 }),
    fc.dictionary(text, tie("value"), { maxKeys: 6 }),
  ),
})).value;

describe("canonical JSON in SQL", () => {
  const canonical = async (values: readonly Json[]): Promise<string[]> => {
    const rows = await db.query<{ text: string }>(
      "select slipway.canonical_json(value) as text from json_array_elements_text($1) with ordinality as v (text, place), lateral (select v.text::jsonb) as j (value) order by place",
      [JSON.stringify(values.map((value) => JSON.stringify(value)))],
    );
    return rows.map((row) => row.text);
  };

  test("is byte for byte the kernel's, for any value", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(json, { minLength: 20, maxLength: 20 }), async (values) => {
        expect(await canonical(values)).toEqual(values.map((value) => canonicalJson(value)));
      }),
      { numRuns: 150 },
    );
  });

  test("is the kernel's for every control character, quote, separator and beyond the basic plane", async () => {
    const codes = [
      ...Array.from({ length: 0xff }, (_, index) => index + 1),
      0x2028,
      0x2029,
      0xfeff,
      0xfffd,
      0xffff,
      0x10000,
      0x1f6a2,
      0x10ffff,
    ];
    const values = codes.flatMap((code) => [String.fromCodePoint(code), { [String.fromCodePoint(code)]: 1 }]);
    expect(await canonical(values)).toEqual(values.map((value) => canonicalJson(value)));
  });

  test("orders keys by code point, which is not the order of UTF-16, nor of length", async () => {
    const value = { "\uFFFF": 1, "\u{10000}": 2, b: 3, aa: 4, a: 5, "": 6, Z: 7 };
    expect(await canonical([value])).toEqual([canonicalJson(value)]);
    expect(await canonical([value])).toEqual(['{"":6,"Z":7,"a":5,"aa":4,"b":3,"\uFFFF":1,"\u{10000}":2}']);
  });

  test.each(["0.5", "1.0", "1e-3", "9007199254740992", "-9007199254740992", "1e300"])(
    "refuses %s",
    async (number) => {
      await expect(
        db.query("select slipway.canonical_json($1::jsonb)", [`{"a": [${number}]}`]),
      ).rejects.toMatchObject({ code: "22023" });
      await expect(
        db.query("select slipway.append_audit('ann', null, 'note', null, $1)", [`{"a": ${number}}`]),
      ).rejects.toMatchObject({ code: "22023" });
    },
  );
});

describe("the chain", () => {
  test("verifies for any actor, subject and data", async () => {
    await fc.assert(
      fc.asyncProperty(
        text,
        fc.option(text),
        fc.dictionary(text, json, { maxKeys: 5 }),
        async (actor, subject, data) => {
          await appendAudit(db, null, { actor, run: null, kind: "note", subject, data });
        },
      ),
      { numRuns: 150 },
    );
    const events = await auditOf(db);
    expect(events.length).toBeGreaterThan(150);
    expect(verifyAudit(events, (await readLedger(db)).auditHead!)).toMatchObject({
      ok: true,
      events: events.length,
    });
    const lines = events.map((event) => JSON.stringify(event)).join("\n");
    expect(verifyAudit(lines.split("\n").map((line) => JSON.parse(line)))).toMatchObject({ ok: true });
  });

  test("has no gap and no fork when many connections append at once", async () => {
    const before = (await auditOf(db)).length;
    const connections = await Promise.all(Array.from({ length: 8 }, () => ledgers.connect(url)));
    await Promise.all(
      connections.map(async (connection, index) => {
        for (let i = 0; i < 40; i++) {
          if (i % 10 === 9) {
            const undone = connection.transaction(async () => {
              await appendAudit(connection, null, note({ undone: true }));
              throw new Error("no");
            });
            await expect(undone).rejects.toThrow("no");
          } else await appendAudit(connection, null, note({ index, i }));
        }
      }),
    );
    const events = await auditOf(db);
    expect(events).toHaveLength(before + 8 * 36);
    expect(verifyAudit(events)).toMatchObject({ ok: true });
    const times = events.map(({ at }) => at);
    expect(times).toEqual(times.toSorted());
  });

  test("is read in batches, complete, whatever its length", async () => {
    const { db: long } = await ledgers.create();
    await long.script(
      "select slipway.append_audit('ann', null, 'note', null, '{}') from generate_series(1, 1999)",
    );
    const events = await auditOf(long);
    expect(events.map(({ seq }) => seq)).toEqual(Array.from({ length: 2000 }, (_, index) => index + 1));
    expect(verifyAudit(events)).toMatchObject({ ok: true, events: 2000 });
  });

  test("carries the database's time in UTC, whatever the session's time zone and date style are", async () => {
    await db.script("set timezone = 'Pacific/Chatham'; set datestyle = 'German'");
    const head = await appendAudit(db, null, note());
    const [row] = await db.query<{ seconds: number }>(
      "select abs(extract(epoch from at - clock_timestamp()))::float as seconds from slipway.audit where seq = $1",
      [head.seq],
    );
    expect(row?.seconds).toBeLessThan(60);
    await db.script("reset timezone; reset datestyle");
    const event = (await auditOf(db)).at(-1)!;
    expect(event.at).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/);
    expect(Math.abs(Date.parse(event.at) - Date.now())).toBeLessThan(60_000);
    expect(verifyAudit(await auditOf(db))).toMatchObject({ ok: true });
  });

  test("does not depend on the session's search path, and nobody's functions get in between", async () => {
    const { db: own } = await ledgers.create();
    await own.script(`
      create schema evil;
      create function evil.sha256(bytea) returns bytea language sql as $$ select '\\x00'::bytea $$;
      create function evil.to_json(text) returns json language sql as $$ select '"x"'::json $$;
      set search_path = evil, pg_catalog;
    `);
    await appendAudit(own, null, note({ a: "b" }));
    expect(verifyAudit(await auditOf(own))).toMatchObject({ ok: true });
  });

  test("gives number and hash of the new event, which are the head", async () => {
    const head = await appendAudit(db, null, note());
    expect((await readLedger(db)).auditHead).toEqual(head);
    expect((await auditOf(db)).at(-1)).toMatchObject(head);
  });
});

describe("append-only", () => {
  test.each([
    "update slipway.audit set actor = 'eve' where seq = 1",
    "update slipway.audit set actor = 'eve' where false",
    "delete from slipway.audit where seq = 1",
    "truncate slipway.audit",
    "delete from slipway.audit_head",
    "truncate slipway.audit_head",
    "update slipway.migrations_reverted set id = 'x'",
    "delete from slipway.migrations_reverted",
    "truncate slipway.migrations_reverted",
    "update slipway.releases set digest = 'x'",
    "delete from slipway.releases",
    "delete from slipway.runs",
    "truncate slipway.runs cascade",
    "truncate slipway.migrations",
    "insert into slipway.audit select * from slipway.audit where seq = 1 on conflict (seq) do update set actor = 'eve'",
  ])("even a superuser is refused: %s", async (sql) => {
    await expect(db.script(sql)).rejects.toMatchObject({
      code: "SW002",
      message: expect.stringContaining("only ever appended to"),
    });
  });

  test("who gets around the refusal is found out", async () => {
    const { db: forged } = await ledgers.create();
    for (let i = 0; i < 5; i++) await appendAudit(forged, null, note({ i }));
    const { auditHead } = await readLedger(forged);
    const tamper = async (sql: string) => {
      await forged.script(
        `begin; alter table slipway.audit disable trigger all; ${sql}; alter table slipway.audit enable trigger all; commit`,
      );
      return verifyAudit(await auditOf(forged), auditHead!);
    };
    expect(await tamper("update slipway.audit set data = '{\"i\": 7}' where seq = 3")).toMatchObject({
      ok: false,
      seq: 3,
      problem: "edited",
    });
    expect(await tamper("update slipway.audit set data = '{\"i\": 1}' where seq = 3")).toMatchObject({
      ok: true,
    });
    expect(
      await tamper("update slipway.audit set at = at + interval '1 microsecond' where seq = 2"),
    ).toMatchObject({ ok: false, seq: 2, problem: "edited" });
    expect(
      await tamper("update slipway.audit set at = at - interval '1 microsecond' where seq = 2"),
    ).toMatchObject({ ok: true });
    expect(await tamper("delete from slipway.audit where seq = 6")).toMatchObject({
      ok: false,
      seq: 6,
      problem: "truncated",
    });
    expect(await tamper("delete from slipway.audit where seq = 4")).toMatchObject({
      ok: false,
      seq: 4,
      problem: "removed",
    });
  });
});

describe("what is recorded", () => {
  test("has no secrets: those the connection knows, and those that look like one", async () => {
    const redactor = createRedactor(["s3cr3t-value"]);
    const knowing = await connect(url.replace("postgres@", "postgres:pa55word@"), { redactor });
    await appendAudit(knowing, null, {
      actor: "ann pa55word",
      run: null,
      kind: "note",
      subject: "s3cr3t-value",
      data: { deep: [{ pa55word: "postgres://ann:other@db" }] },
    });
    await knowing.end();
    expect((await auditOf(db)).at(-1)).toMatchObject({
      actor: "ann [redacted]",
      subject: "[redacted]",
      data: { deep: [{ "[redacted]": "postgres://ann:[redacted]@db" }] },
    });
  });

  test("is kept even when Postgres could not hold its text", async () => {
    await appendAudit(db, null, note({ text: "a\0b\ud800" }));
    expect((await auditOf(db)).at(-1)?.data).toEqual({ text: "a\uFFFDb\uFFFD" });
  });

  test("in the name of a lease is refused once the lease is lost", async () => {
    const { db: own } = await ledgers.create();
    const held = await hold(own);
    await appendAudit(own, held.token, note());
    await held.release();
    await expect(appendAudit(own, held.token, note())).rejects.toMatchObject({ code: "LEASE_LOST" });
    await appendAudit(own, null, note());
    expect((await auditOf(own)).filter(({ kind }) => kind === "note")).toHaveLength(2);
  });

  test("fractions are refused before anything is sent", async () => {
    await expect(appendAudit(db, null, note({ ms: 1.5 }))).rejects.toThrow(TypeError);
  });
});

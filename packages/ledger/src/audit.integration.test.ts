import { createRedactor } from "@slipway/kernel";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { anyJson, anyText } from "../testing/any-json.ts";
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

describe("the chain", () => {
  test("verifies for any actor, subject and data", async () => {
    await fc.assert(
      fc.asyncProperty(
        anyText,
        fc.option(anyText),
        fc.dictionary(anyText, anyJson, { maxKeys: 5 }),
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

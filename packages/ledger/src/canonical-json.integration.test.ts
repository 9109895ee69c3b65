import { canonicalJson, type Json } from "@slipway/kernel";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { anyJson } from "../testing/any-json.ts";
import { auditOf, identity, type ScratchLedgers, scratchLedgers } from "../testing/scratch-ledger.ts";
import { appendAudit } from "./append-audit.ts";
import { bootstrapLedger } from "./bootstrap-ledger.ts";
import type { Database } from "./database.ts";
import { verifyAudit } from "./verify-audit.ts";

let ledgers: ScratchLedgers;
let db: Database;

beforeAll(async () => {
  ledgers = await scratchLedgers();
  ({ db } = await ledgers.create());
});
afterAll(() => ledgers.remove());

const note = (data: Readonly<Record<string, unknown>> = {}) => ({
  actor: "ann",
  run: null,
  kind: "note",
  subject: null,
  data,
});

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
      fc.asyncProperty(fc.array(anyJson, { minLength: 20, maxLength: 20 }), async (values) => {
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

  test("orders them the same where the database sorts by a language's rules", async () => {
    const admin = await ledgers.connect(ledgers.postgres.adminUrl);
    await admin.script("create database swedish template template0 locale_provider icu icu_locale 'sv'");
    const swedish = await ledgers.connect(ledgers.postgres.adminUrl.replace(/[^/]+$/, "swedish"));
    await bootstrapLedger(swedish, identity);
    expect(await swedish.query("select 'a' < 'B' as by_language")).toEqual([{ by_language: true }]);
    await appendAudit(swedish, null, note({ ö: 1, z: 2, B: 3, a: 4, _: 5, "a b": 6, aa: 7 }));
    expect(verifyAudit(await auditOf(swedish))).toMatchObject({ ok: true, events: 2 });
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

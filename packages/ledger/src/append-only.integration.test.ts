import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { auditOf, type ScratchLedgers, scratchLedgers } from "../testing/scratch-ledger.ts";
import { appendAudit } from "./append-audit.ts";
import type { Database } from "./database.ts";
import { readLedger } from "./read-ledger.ts";
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

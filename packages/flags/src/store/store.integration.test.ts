// One file on purpose: the contract of the store, on one database, whoever changes it.
import { createRedactor } from "@slipway/kernel";
import type { Database } from "@slipway/ledger";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { declared, type ScratchStore, scratchStore, verifiedAudit } from "../../testing/scratch-store.ts";
import { parseDeclaration } from "../document/parse-declaration.ts";
import { parseFlagDocument } from "../document/parse-flag-document.ts";
import {
  archiveFlag,
  declareFlag,
  flagHistory,
  issueFlagGate,
  killFlag,
  killFlagsOfRelease,
  newFlagEpoch,
  readFlags,
  reviveFlag,
  setFlag,
  setSegment,
} from "./index.ts";

let store: ScratchStore;
let db: Database;

beforeAll(async () => {
  store = await scratchStore();
  ({ db } = store);
});
afterAll(() => store.remove());

const ann = { actor: "ann", reason: "release 1.2" };

async function document() {
  const [row] = await db.query<{ document: unknown }>("select slipway_api.flag_document() as document");
  return parseFlagDocument(row!.document);
}

const flagOf = async (key: string) => (await readFlags(db, key))[0]!;

describe("a declaration", () => {
  test("makes the flag with its initial state, and the same again changes nothing", async () => {
    const flag = await declared(db, "new-checkout");
    expect(flag).toMatchObject({
      key: "new-checkout",
      declaration: { owner: "shop", release: "1.2.0", groupId: "new-checkout" },
      state: { enabled: true, rollout: 50, killed: false, version: 1, archived: false },
    });
    const { declaration } = flag;
    const again = await declareFlag(db, { ...ann, token: null, key: "new-checkout", declaration });
    expect(again).toMatchObject({ changed: false, flag: { state: { version: 1 } } });
    expect((await document()).flags.find(({ key }) => key === "new-checkout")?.state.rollout).toBe(50);
  });

  test("leaves the state to the runtime", async () => {
    await declared(db, "runtime");
    await setFlag(db, { ...ann, key: "runtime", change: { rollout: 70 }, expectedVersion: 1 });
    const flag = await declared(db, "runtime", { owner: "payments" });
    expect(flag).toMatchObject({ declaration: { owner: "payments" }, state: { rollout: 70, version: 3 } });
  });

  test("cannot change salt or stickiness once somebody could have the flag on", async () => {
    await declared(db, "salted", { initial: { enabled: true, rollout: 0 } });
    await declared(db, "salted", { groupId: "other", initial: { enabled: true, rollout: 0 } });
    await setFlag(db, { ...ann, key: "salted", change: { rollout: 1 }, expectedVersion: 2 });
    await setFlag(db, { ...ann, key: "salted", change: { rollout: 0 }, expectedVersion: 3 });
    for (const change of [{ groupId: "third" }, { groupId: "other", stickiness: "tenant" }]) {
      await expect(declared(db, "salted", change)).rejects.toMatchObject({
        code: "FLAG_INVALID",
        why: expect.stringContaining("the cohort would be drawn anew"),
      });
    }
  });

  test("brings an archived flag back as it was, a killed one killed", async () => {
    await declared(db, "twice");
    await killFlag(db, { ...ann, key: "twice" });
    await archiveFlag(db, { ...ann, token: null, key: "twice" });
    expect((await document()).flags.find(({ key }) => key === "twice")?.state).toMatchObject({
      archived: true,
      killed: true,
    });
    await expect(
      setFlag(db, { ...ann, key: "twice", change: { rollout: 1 }, expectedVersion: 3 }),
    ).rejects.toMatchObject({ code: "FLAG_KILLED" });
    expect((await declared(db, "twice")).state).toMatchObject({
      archived: false,
      killed: true,
      enabled: true,
      rollout: 50,
    });
  });

  test("of another key or shape is refused, and a flag that never was is archived as nothing", async () => {
    const declaration = parseDeclaration("x", { owner: "shop" });
    for (const key of ["", "a b", "é", "x".repeat(101)]) {
      await expect(declareFlag(db, { ...ann, token: null, key, declaration })).rejects.toMatchObject({
        code: "FLAG_INVALID",
      });
    }
    expect(await archiveFlag(db, { ...ann, token: null, key: "never" })).toBeNull();
  });

  test("with the token of a lost lease changes nothing", async () => {
    const declaration = parseDeclaration("x", { owner: "shop" });
    await expect(declareFlag(db, { ...ann, token: 999, key: "unleased", declaration })).rejects.toMatchObject(
      { code: "LEASE_LOST" },
    );
    expect(await readFlags(db, "unleased")).toEqual([]);
  });
});

describe("a change", () => {
  test("states the version that it was decided on", async () => {
    await declared(db, "cas");
    await setFlag(db, { ...ann, key: "cas", change: { rollout: 60 }, expectedVersion: 1 });
    await expect(
      setFlag(db, { ...ann, key: "cas", change: { rollout: 100 }, expectedVersion: 1 }),
    ).rejects.toMatchObject({ code: "FLAG_CONFLICT", why: expect.stringContaining("it is at version 2") });
    expect((await flagOf("cas")).state.rollout).toBe(60);
  });

  test("of two writers at once lets one through, with one event each in the chain", async () => {
    await declared(db, "race");
    const connections = await Promise.all(Array.from({ length: 8 }, () => store.connect()));
    let won = 0;
    for (let round = 1; round <= 5; round++) {
      const tries = connections.map((each, index) =>
        setFlag(each, {
          ...ann,
          key: "race",
          change: { rollout: round * 8 + index },
          expectedVersion: round,
        }).then(
          () => 1,
          (error: { code: string }) => (error.code === "FLAG_CONFLICT" ? 0 : Promise.reject(error)),
        ),
      );
      won += (await Promise.all(tries)).reduce<number>((sum, one) => sum + one, 0);
    }
    expect(won).toBe((await flagOf("race")).state.version - 1);
    const events = (await verifiedAudit(db)).filter(({ subject }) => subject === "race");
    expect(events.map(({ data }) => (data as { version: number }).version)).toEqual(
      Array.from({ length: won + 1 }, (_, i) => i + 1),
    );
  });

  test.each([
    [{ rollout: 101 }, "rollout must be an integer from 0 to 100"],
    [{ rollout: 1.5 }, "rollout must be an integer from 0 to 100"],
    [{ enabled: "yes" }, "enabled must be true or false"],
    [{ killed: false }, "killed is not known"],
    [{ rules: [{ segments: ["a"] }, { constraints: [{ attribute: "a" }] }] }, "a constraint must have"],
    [{ activeFrom: "soon" }, "activeFrom must be a moment"],
  ])("with %j is refused: a process could not read it", async (change, why) => {
    await declared(db, "shape");
    await expect(
      setFlag(db, { ...ann, key: "shape", change: change as never, expectedVersion: 1 }),
    ).rejects.toMatchObject({ code: "FLAG_INVALID", why: expect.stringContaining(why) });
  });

  test("of an unknown flag is FLAG_UNKNOWN, of an archived one too", async () => {
    await declared(db, "gone");
    await archiveFlag(db, { ...ann, token: null, key: "gone" });
    for (const key of ["unheard-of", "gone"]) {
      await expect(
        setFlag(db, { ...ann, key, change: { rollout: 1 }, expectedVersion: 2 }),
      ).rejects.toMatchObject({ code: "FLAG_UNKNOWN" });
    }
  });

  test("to what is there already writes nothing", async () => {
    await declared(db, "same");
    const { revision } = await flagOf("same");
    const answer = await setFlag(db, { ...ann, key: "same", change: { rollout: 50 }, expectedVersion: 1 });
    expect(answer).toMatchObject({ changed: false, flag: { revision } });
  });

  test("of a segment is compared with its version and reaches the document", async () => {
    const constraints = [{ attribute: "country", operator: "IN", values: ["NL"] }];
    const setting = { ...ann, id: "dutch", constraints, expectedVersion: null };
    await setSegment(db, setting);
    await expect(setSegment(db, setting)).rejects.toMatchObject({ code: "FLAG_CONFLICT" });
    expect((await document()).segments).toEqual([{ id: "dutch", constraints }]);
    const bad = { ...setting, constraints: [{}] as never, expectedVersion: 1 };
    await expect(setSegment(db, bad)).rejects.toMatchObject({ code: "FLAG_INVALID" });
  });
});

describe("a kill", () => {
  test("wins over every version, keeps the rollout, and can be sent again", async () => {
    await declared(db, "bad");
    const first = await killFlag(db, { actor: "bob", reason: "errors in checkout", key: "bad" });
    expect(first).toMatchObject({
      changed: true,
      flag: {
        state: { killed: true, enabled: true, rollout: 50 },
        kill: { by: "bob", reason: "errors in checkout" },
      },
    });
    const again = await killFlag(db, { actor: "eve", reason: "me too", key: "bad" });
    expect(again).toMatchObject({ changed: false, revision: first.revision, flag: { kill: { by: "bob" } } });
  });

  test("stands against every way back but a revival", async () => {
    await declared(db, "stands");
    await killFlag(db, { ...ann, key: "stands" });
    const setting = { ...ann, key: "stands", expectedVersion: 2 };
    for (const change of [{ enabled: true }, { rollout: 100 }, { rollout: 0 }, { enabled: false }]) {
      await expect(setFlag(db, { ...setting, change })).rejects.toMatchObject({ code: "FLAG_KILLED" });
    }
    await declared(db, "stands", { owner: "others" });
    await expect(
      db.query(
        "update slipway.flags set killed_at = null, killed_by = null, kill_reason = null where key = 'stands'",
      ),
    ).rejects.toMatchObject({ code: "SW006" });
    await expect(db.query("delete from slipway.flags where key = 'stands'")).rejects.toMatchObject({
      code: "SW002",
    });
    expect((await flagOf("stands")).state.killed).toBe(true);
    await reviveFlag(db, { ...ann, key: "stands", expectedVersion: 3, rollout: 10 });
    expect((await flagOf("stands")).state).toMatchObject({ killed: false, enabled: true, rollout: 10 });
  });

  test("of a release kills its flags and no other", async () => {
    await declared(db, "r1", { release: "7.0.0" });
    await declared(db, "r2", { release: "7.0.0" });
    await declared(db, "r3", { release: "7.0.1" });
    await killFlag(db, { ...ann, key: "r2" });
    const killed = await killFlagsOfRelease(db, { ...ann, release: "7.0.0" });
    expect(killed.keys).toEqual(["r1"]);
    expect((await flagOf("r3")).state.killed).toBe(false);
  });

  test("stands when the audit takes nothing; the event follows, and a raise waits for it", async () => {
    const { db: broken } = await store.create();
    await declared(broken, "unheard");
    await declared(broken, "other");
    await broken.script("alter table slipway.audit add constraint full_disk check (seq < 0) not valid");
    const killed = await killFlag(broken, { actor: "bob", reason: "now", key: "unheard" });
    expect(killed.flag.state.killed).toBe(true);
    const raise = { ...ann, key: "other", change: { rollout: 60 }, expectedVersion: 1 };
    await expect(setFlag(broken, raise)).rejects.toMatchObject({ code: "DATABASE_FAILED" });
    await expect(reviveFlag(broken, { ...ann, key: "unheard", expectedVersion: 2 })).rejects.toMatchObject({
      code: "DATABASE_FAILED",
    });
    expect((await readFlags(broken)).map(({ state }) => [state.killed, state.rollout])).toEqual([
      [false, 50],
      [true, 50],
    ]);
    await broken.script("alter table slipway.audit drop constraint full_disk");
    await setFlag(broken, raise);
    const events = await verifiedAudit(broken);
    expect(events.slice(-2)).toMatchObject([
      { kind: "flag.killed", subject: "unheard", actor: "bob", data: { late: true, reason: "now" } },
      { kind: "flag.changed", subject: "other" },
    ]);
  });

  test("does not wait for a migration that holds the audit", async () => {
    await declared(db, "held");
    const other = await store.connect();
    await other.transaction(async () => {
      await other.query("select slipway.append_audit('migration', null, 'note', null, '{}')");
      const start = performance.now();
      const { flag } = await killFlag(db, { ...ann, key: "held" });
      expect(performance.now() - start).toBeLessThan(20_000);
      expect(flag.state.killed).toBe(true);
    });
    await declared(db, "next");
    expect(await flagHistory(db, "held")).toMatchObject([
      { kind: "flag.killed", data: { late: true } },
      { kind: "flag.declared" },
    ]);
  });

  test("gets past a writer that went silent in its transaction", async () => {
    await declared(db, "asleep");
    const sleeper = await store.connect();
    const sleeping = sleeper.transaction(async () => {
      await setFlag(sleeper, { ...ann, key: "asleep", change: { rollout: 99 }, expectedVersion: 1 });
      const { flag } = await killFlag(db, { ...ann, key: "asleep" });
      expect(flag.state).toMatchObject({ killed: true, rollout: 50 });
    });
    await expect(sleeping).rejects.toMatchObject({ code: "DATABASE_FAILED" });
    expect((await flagOf("asleep")).state).toMatchObject({ killed: true, rollout: 50 });
  });

  test("goes through when the broadcast of the platform fails, and is broadcast when it works", async () => {
    const { db: hosted } = await store.create();
    await hosted.script(`create schema realtime; create table realtime.sent (payload jsonb, event text, topic text, private boolean);
      create function realtime.send(payload jsonb, event text, topic text, private boolean default true) returns void
      language sql as 'insert into realtime.sent values (payload, event, topic, private)'`);
    await declared(hosted, "cast");
    const { revision, epoch } = await killFlag(hosted, { ...ann, key: "cast" });
    const sent = await hosted.query("select * from realtime.sent order by payload ->> 'revision'");
    expect(sent.at(-1)).toEqual({
      payload: { epoch, revision },
      event: "changed",
      topic: "slipway:flags",
      private: true,
    });
    await declared(hosted, "silent");
    await hosted.script("drop table realtime.sent");
    expect((await killFlag(hosted, { ...ann, key: "silent" })).flag.state.killed).toBe(true);
  });
});

describe("who may", () => {
  test("a killer switches off and nothing else; a releaser raises; a reader reads; a stranger nothing", async () => {
    await declared(db, "rights");
    await db.script(`create role k login; create role r login; create role u login; create role nobody login;
      grant slipway_flag_killer to k; grant slipway_flag_releaser to r; grant slipway_flag_reader to u`);
    const [killer, releaser, reader, nobody] = await Promise.all(
      ["k", "r", "u", "nobody"].map((user) => store.connect(user)),
    );
    const up = { ...ann, key: "rights", change: { rollout: 60 }, expectedVersion: 1 };
    await expect(setFlag(killer!, up)).rejects.toMatchObject({
      code: "FLAG_DENIED",
      why: 'it takes the right "releaser", and the caller has "killer"',
    });
    await setFlag(releaser!, up);
    await setFlag(killer!, { ...up, change: { rollout: 30 }, expectedVersion: 2 });
    await killFlag(killer!, { ...ann, key: "rights" });
    await expect(reviveFlag(killer!, { ...ann, key: "rights", expectedVersion: 4 })).rejects.toMatchObject({
      code: "FLAG_DENIED",
    });
    await reviveFlag(releaser!, { ...ann, key: "rights", expectedVersion: 4 });
    for (const stranger of [reader!, nobody!]) {
      await expect(killFlag(stranger, { ...ann, key: "rights" })).rejects.toMatchObject({
        code: "DATABASE_FAILED",
        why: expect.stringContaining("42501"),
      });
    }
    const read = "select slipway_api.flag_position()";
    expect(await reader!.query(read)).toHaveLength(1);
    await expect(nobody!.query(read)).rejects.toMatchObject({ code: "42501" });
    for (const each of [killer!, releaser!, reader!, nobody!]) {
      for (const sql of [
        "select * from slipway.flags",
        "select slipway.kill_flag(null, 'x', null, 'x', 'rights')",
      ]) {
        await expect(each.query(sql)).rejects.toMatchObject({ code: "42501" });
      }
    }
    expect((await flagOf("rights")).state.killed).toBe(false);
  });

  test("a gate's token raises its flag, so far, once, and is told to nobody else", async () => {
    await declared(db, "gated");
    const redactor = createRedactor();
    const token = await issueFlagGate(
      { ...db, redactor },
      { ...ann, key: "gated", maxRollout: 80, ttlMs: 60_000 },
    );
    expect(redactor.redact(`gate ${token}`)).not.toContain(token);
    await db.script("create role gatekeeper login; grant slipway_flag_killer to gatekeeper");
    const gate = await store.connect("gatekeeper");
    const raise = { ...ann, source: "gate", key: "gated", expectedVersion: 1, gate: token };
    await declared(db, "other-gated");
    for (const [setting, why] of [
      [{ ...raise, change: { rollout: 100 } }, "up to 80 %"],
      [{ ...raise, change: { rules: [{}] } }, "raises the rollout and nothing else"],
      [{ ...raise, key: "other-gated", change: { rollout: 60 } }, "for another flag"],
      [{ ...raise, gate: "0".repeat(64), change: { rollout: 60 } }, "not known"],
    ] as const) {
      await expect(setFlag(gate, setting)).rejects.toMatchObject({
        code: "FLAG_DENIED",
        why: expect.stringContaining(why),
      });
    }
    await setFlag(gate, { ...raise, change: { rollout: 80 } });
    await setFlag(gate, { ...raise, gate: null, change: { rollout: 10 }, expectedVersion: 2 });
    await expect(
      setFlag(gate, { ...raise, change: { rollout: 80 }, expectedVersion: 3 }),
    ).rejects.toMatchObject({ code: "FLAG_DENIED", why: expect.stringContaining("was used at") });
    const text = JSON.stringify(await verifiedAudit(db));
    expect(text).toContain('"issuedBy":"ann"');
    expect(text).not.toContain(token);
    expect(JSON.stringify(await db.query("select * from slipway.flag_gates"))).not.toContain(token);
  });

  test("a signed-in user has what app_metadata says, whatever user_metadata claims, and signs with the token's name", async () => {
    await declared(db, "signed");
    await db.script(
      "create role authenticated nologin; create role authenticator login; grant authenticated to authenticator",
    );
    const api = await store.connect("authenticator");
    const as = (claims: object, sql: string) =>
      api.transaction(async () => {
        await api.query(
          "select set_config('request.jwt.claims', $1, true), set_config('request.headers', '{}', true)",
          [JSON.stringify(claims)],
        );
        await api.query("set local role authenticated");
        return await api.query(sql);
      });
    const kill = "select slipway_api.kill_flag('signed', 'x', 'somebody else')";
    await expect(as({ sub: "7", app_metadata: { slipway_flags: "killer" } }, kill)).rejects.toMatchObject({
      code: "42501",
    });
    await db.query("select slipway.admit_flag_operators(true)");
    for (const claims of [
      { sub: "7" },
      { sub: "7", user_metadata: { slipway_flags: "releaser" } },
      { app_metadata: { slipway_flags: "root" } },
      { app_metadata: { slipway_flags: "reader" } },
    ]) {
      await expect(as(claims, kill)).rejects.toMatchObject({ code: "PT403", hint: "FLAG_DENIED" });
    }
    await as({ sub: "7", app_metadata: { slipway_flags: "killer" } }, kill);
    expect((await flagOf("signed")).kill).toMatchObject({ by: "user:7" });
    await db.query("select slipway.admit_flag_operators(false)");
    await expect(as({ app_metadata: { slipway_flags: "killer" } }, kill)).rejects.toMatchObject({
      code: "42501",
    });
  });

  test("roles that cannot be made, or are somebody's login, are told of and get nothing", async () => {
    const { db: guarded } = await store.create();
    await guarded.script("alter role slipway_flag_killer login");
    try {
      const [row] = await guarded.query<{ problems: string[] }>("select slipway.grant_flags() as problems");
      expect(row!.problems).toEqual([expect.stringContaining("slipway_flag_killer is not ours")]);
    } finally {
      await guarded.script("alter role slipway_flag_killer nologin");
    }
  });
});

test("what SQL changes by hand is bumped and audited too, in the name of the session", async () => {
  await declared(db, "by-hand");
  const before = (await document()).revision;
  await db.query("update slipway.flags set rollout = 12 where key = 'by-hand'");
  expect((await document()).revision).toBe(before + 1);
  expect((await flagHistory(db, "by-hand", 1))[0]).toMatchObject({
    kind: "flag.changed",
    actor: "sql:postgres",
    data: { source: "sql", before: { rollout: 50 }, after: { rollout: 12 } },
  });
});

test("secrets and names of users stay out of the audit", async () => {
  await declared(db, "private");
  const redacting = { ...db, redactor: createRedactor() };
  redacting.redactor.add("hunter2-hunter2");
  await setFlag(redacting, {
    actor: "ann",
    reason: "token hunter2-hunter2",
    key: "private",
    change: { rules: [{ userIds: ["ann@example.org"] }] },
    expectedVersion: 1,
  });
  const text = JSON.stringify(await verifiedAudit(db));
  expect(text).not.toContain("hunter2-hunter2");
  expect(text).not.toContain("ann@example.org");
});

test("a new epoch makes every process take the store as it is", async () => {
  const before = await document();
  const position = await newFlagEpoch(db, { actor: "ann", reason: "rows put back" });
  expect(position.epoch).not.toBe(before.epoch);
  expect((await document()).epoch).toBe(position.epoch);
});

import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { auditOf, hold, type ScratchLedgers, scratchLedgers } from "../testing/scratch-ledger.ts";
import type { Database } from "./database.ts";
import type { HeldLease } from "./lease.ts";
import type { InstanceRow } from "./ledger-snapshot.ts";
import { setTraffic, setWanted, stopInstance, upsertInstance } from "./mutations.ts";
import { readLedger } from "./read-ledger.ts";
import { listStoredReleases, readStoredRelease, storeRelease } from "./stored-releases.ts";
import { verifyAudit } from "./verify-audit.ts";

let ledgers: ScratchLedgers;
let db: Database;
let held: HeldLease;

beforeAll(async () => {
  ledgers = await scratchLedgers();
});
afterAll(() => ledgers.remove());
beforeEach(async () => {
  ({ db } = await ledgers.renew());
  held = await hold(db);
});

const kinds = async () => (await auditOf(db)).map(({ kind }) => kind).slice(1);

describe("what is wanted", () => {
  test("is audited with what was wanted before; the same again writes nothing", async () => {
    const wanted = { token: held.token, run: null, actor: "ann", release: "1.2.0", digest: "d", attempt: 1 };
    await setWanted(db, wanted);
    await setWanted(db, wanted);
    await setWanted(db, { ...wanted, release: "1.1.0", attempt: 2 });
    expect((await auditOf(db)).slice(1)).toMatchObject([
      { kind: "release.wanted", subject: "1.2.0", data: { attempt: 1, from: null } },
      { kind: "release.wanted", subject: "1.1.0", data: { attempt: 2, from: "1.2.0" } },
    ]);
  });
});

describe("instances and traffic", () => {
  const instance: Omit<InstanceRow, "startedAt"> = {
    id: "api-1.2.0-aaaa",
    service: "api",
    version: "1.2.0",
    release: "1.2.0",
    settings: "sha256:s",
    artifact: "sha256:a",
    build: "sha256:b",
    address: null,
    state: "starting",
  };

  test("an instance is started, ready and stopped, each with an event, and then no longer listed", async () => {
    const authority = { token: held.token, run: null, actor: "ann" };
    await upsertInstance(db, { ...authority, instance });
    await upsertInstance(db, { ...authority, instance });
    const ready = { ...instance, state: "ready", address: "http://127.0.0.1:4001" } as const;
    await upsertInstance(db, { ...authority, instance: ready });
    const { instances } = await readLedger(db);
    expect(instances).toEqual([{ ...ready, startedAt: expect.stringMatching(/Z$/) }]);
    await upsertInstance(db, { ...authority, instance: { ...ready, state: "stopping" } });
    await stopInstance(db, { ...authority, instance: instance.id });
    await stopInstance(db, { ...authority, instance: instance.id });
    expect((await readLedger(db)).instances).toEqual([]);
    expect(await kinds()).toEqual([
      "instance.started",
      "instance.ready",
      "instance.stopping",
      "instance.stopped",
    ]);
  });

  test("an instance that is started again has a new start time", async () => {
    const authority = { token: held.token, run: null, actor: "ann" };
    await upsertInstance(db, { ...authority, instance });
    const first = (await readLedger(db)).instances[0]?.startedAt ?? "";
    await upsertInstance(db, { ...authority, instance: { ...instance, state: "ready" } });
    expect((await readLedger(db)).instances[0]?.startedAt).toBe(first);
    await stopInstance(db, { ...authority, instance: instance.id });
    await upsertInstance(db, { ...authority, instance });
    expect((await readLedger(db)).instances[0]!.startedAt > first).toBe(true);
  });

  test("the stop of an instance that the ledger never knew is audited too", async () => {
    await stopInstance(db, { token: held.token, run: null, actor: "ann", instance: "stray" });
    expect((await auditOf(db)).at(-1)).toMatchObject({
      kind: "instance.stopped",
      subject: "stray",
      data: { service: null },
    });
  });

  test("traffic is replaced as a whole, with before and after in the audit", async () => {
    const authority = { token: held.token, run: null, actor: "ann" };
    const other = { ...instance, id: "api-1.1.0-bbbb", version: "1.1.0" };
    for (const each of [instance, other]) await upsertInstance(db, { ...authority, instance: each });
    const rows = [
      { service: "api", instance: other.id, weight: 90 },
      { service: "api", instance: instance.id, weight: 10 },
    ];
    await setTraffic(db, { ...authority, rows });
    await setTraffic(db, { ...authority, rows: rows.toReversed() });
    await setTraffic(db, { ...authority, rows: [{ service: "api", instance: instance.id, weight: 100 }] });
    expect((await readLedger(db)).traffic).toEqual([{ service: "api", instance: instance.id, weight: 100 }]);
    expect((await auditOf(db)).filter(({ kind }) => kind === "traffic.shifted")).toMatchObject([
      { data: { from: [], to: rows } },
      { data: { from: rows, to: [{ instance: instance.id, weight: 100 }] } },
    ]);
  });

  test("traffic to an instance that nobody recorded, or with an impossible weight, is refused and changes nothing", async () => {
    const authority = { token: held.token, run: null, actor: "ann" };
    await upsertInstance(db, { ...authority, instance });
    await setTraffic(db, { ...authority, rows: [{ service: "api", instance: instance.id, weight: 100 }] });
    for (const row of [
      { service: "api", instance: "ghost", weight: 100 },
      { service: "api", instance: instance.id, weight: 101 },
    ]) {
      await expect(setTraffic(db, { ...authority, rows: [row] })).rejects.toMatchObject({
        code: "DATABASE_FAILED",
      });
    }
    expect((await readLedger(db)).traffic).toEqual([{ service: "api", instance: instance.id, weight: 100 }]);
    expect(verifyAudit(await auditOf(db))).toMatchObject({ ok: true });
  });
});

describe("stored releases", () => {
  const manifest = {
    version: "1.2.0",
    digest: "sha256:aa",
    services: { api: { artifact: "sha256:b" } },
    odd: "a\u0000b\u2028",
  };

  test("are kept as they came, and listed in the order of their first time", async () => {
    await storeRelease(db, manifest);
    await storeRelease(db, manifest);
    await storeRelease(db, { version: "1.1.0", digest: "sha256:cc" });
    expect(await readStoredRelease(db, "1.2.0")).toEqual(manifest);
    expect(await readStoredRelease(db, "9.9.9")).toBeNull();
    expect((await listStoredReleases(db)).map(({ version, digest }) => [version, digest])).toEqual([
      ["1.2.0", "sha256:aa"],
      ["1.1.0", "sha256:cc"],
    ]);
  });

  test("another manifest under a known version is refused", async () => {
    await storeRelease(db, manifest);
    await expect(storeRelease(db, { ...manifest, digest: "sha256:bb" })).rejects.toMatchObject({
      code: "MANIFEST_EDITED",
      why: "another one is known here: its digest is sha256:aa, this one's is sha256:bb",
    });
    expect(await readStoredRelease(db, "1.2.0")).toEqual(manifest);
  });
});

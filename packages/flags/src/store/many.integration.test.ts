import { afterAll, beforeAll, expect, test } from "vitest";
import { declared, type ScratchStore, scratchStore } from "../../testing/scratch-store.ts";
import { until } from "../../testing/until.ts";
import type { FlagDocument } from "../document/flag-document.ts";
import { replaces } from "../document/flag-revision.ts";
import { parseFlagDocument } from "../document/parse-flag-document.ts";
import type { FlagSource } from "../source/flag-source.ts";
import { postgresSource } from "../sources/postgres-source.ts";
import { flagInstances, killFlag, waitForAcknowledgement } from "./index.ts";

let store: ScratchStore;
const sources: FlagSource[] = [];
beforeAll(async () => {
  store = await scratchStore();
  await declared(store.db, "bad");
});
afterAll(async () => {
  await Promise.all(sources.map((source) => source.close()));
  await store.remove();
});

const soon = () => AbortSignal.timeout(60_000);

function makeSource(): FlagSource {
  const source = postgresSource({ url: store.url });
  sources.push(source);
  return source;
}

/** What a client does with a source, and nothing else: looks when hinted, applies what is newer, acknowledges. */
function reader(source: FlagSource, instance: string) {
  let held: FlagDocument | null = null;
  let looking = false;
  let again = false;
  let ended: Promise<void> = Promise.resolve();
  const look = async () => {
    do {
      again = false;
      if (!replaces(await source.fetchRevision(held, soon()), held)) continue;
      const document = parseFlagDocument(await source.fetchDocument(soon()));
      if (replaces(document, held)) held = document;
      const { epoch, revision } = held!;
      await source.acknowledge({ instance, epoch, revision, at: Date.now(), appliedMs: 1 }, soon());
    } while (again);
    looking = false;
  };
  const hint = () => {
    again = true;
    if (looking) return;
    looking = true;
    ended = look();
  };
  const unsubscribe = source.subscribe(hint);
  hint();
  return {
    isKilled: () => held?.flags.find(({ key }) => key === "bad")?.state.killed ?? null,
    /** Hears no more, and ends the look under way: its source may be closed then. */
    async stop() {
      unsubscribe();
      await ended;
    },
  };
}

test("five hundred readers apply one kill, and the store says so", async () => {
  const shared = Array.from({ length: 20 }, makeSource);
  const readers = Array.from({ length: 500 }, (_, index) => reader(shared[index % 20]!, `reader-${index}`));
  // The store waits for those that it has heard of, and a reader reads before it says so.
  const heard = async () => (await flagInstances(store.db)).length === readers.length;
  await until("all readers have said what they have", heard, 60_000);
  expect(readers.every(({ isKilled }) => isKilled() === false)).toBe(true);
  const { revision } = await killFlag(store.db, { actor: "ann", key: "bad" });
  const acknowledged = await waitForAcknowledgement(store.db, revision, {
    timeoutMs: 60_000,
    quietMs: 120_000,
  });
  expect(acknowledged).toMatchObject({ applied: 500, total: 500, silent: [] });
  expect(readers.every(({ isKilled }) => isKilled() === true)).toBe(true);
  await Promise.all(readers.map((one) => one.stop()));
  await Promise.all(sources.splice(0).map((source) => source.close()));
  await store.db.query("delete from slipway.flag_instances");
});

test("a process that stays silent is named with when it was last heard, and one that was silent before is not waited for", async () => {
  const flag = await declared(store.db, "quiet");
  const source = makeSource();
  const { epoch, revision } = await source.fetchRevision(null, soon());
  for (const instance of ["api-1", "api-2", "api-3"]) {
    await source.acknowledge({ instance, epoch, revision, at: 0, appliedMs: 1 }, soon());
  }
  await store.db.query(
    "update slipway.flag_instances set seen_at = seen_at - interval '2 minutes' where instance = 'api-3'",
  );
  const killed = await killFlag(store.db, { actor: "ann", key: flag.key });
  await source.acknowledge(
    { instance: "api-1", epoch, revision: killed.revision, at: 0, appliedMs: 1 },
    soon(),
  );
  const waited = await waitForAcknowledgement(store.db, killed.revision, { timeoutMs: 300 });
  const instances = await flagInstances(store.db, killed.revision);
  const sinceOf = (name: string) => instances.find(({ instance }) => instance === name)!.seenAt;
  expect(waited).toMatchObject({ applied: 1, total: 3 });
  expect(waited.silent).toEqual([
    { instance: "api-2", since: sinceOf("api-2") },
    { instance: "api-3", since: sinceOf("api-3") },
  ]);
  expect(waited.ms).toBeGreaterThanOrEqual(300);
  await source.acknowledge(
    { instance: "api-2", epoch, revision: killed.revision, at: 0, appliedMs: 1 },
    soon(),
  );
  const early = await waitForAcknowledgement(store.db, killed.revision, { timeoutMs: 60_000 });
  expect(early).toMatchObject({ applied: 2, total: 3 });
  expect(early.ms).toBeLessThan(60_000);
  // What was applied in another epoch was applied of another history.
  await store.db.query("update slipway.flag_instances set epoch = 'another'");
  expect(await waitForAcknowledgement(store.db, 0, { timeoutMs: 100 })).toMatchObject({
    applied: 0,
    total: 3,
  });
});

test("ten thousand flags are one document, whole", async () => {
  // Rows as a writer would leave them, without the time that ten thousand changes take.
  await store.db.script(`begin; alter table slipway.flags disable trigger user;
    alter table slipway.flags drop constraint flags_targeting, drop constraint flags_declaration;
    insert into slipway.flags (key, declaration, group_id, enabled, rollout, targeting, version, revision, changed_at, wire)
      select 'many-' || n, '{"owner": "shop"}', 'many-' || n, true, 50, '{}', 1, 1, now(), '' from generate_series(1, 10000) n;
    update slipway.flags f set wire = slipway.flag_wire(f) where f.wire = '';
    alter table slipway.flags enable trigger user; commit`);
  const source = makeSource();
  const document = parseFlagDocument(await source.fetchDocument(soon()));
  expect(document.flags.filter(({ key }) => key.startsWith("many-"))).toHaveLength(10_000);
  const { revision } = await killFlag(store.db, { actor: "ann", key: "many-7777" });
  const after = parseFlagDocument(await source.fetchDocument(soon()));
  expect(after.revision).toBe(revision);
  expect(after.flags.find(({ key }) => key === "many-7777")?.state.killed).toBe(true);
});

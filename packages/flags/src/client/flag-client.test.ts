// One file on purpose: the client from its start to its end, with one clock and one source that all cases share.
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { makeDocument, makeFlag } from "../../testing/make-flag.ts";
import { MemoryStore } from "../../testing/memory-store.ts";
import { FlagClient } from "./flag-client.ts";
import type { FlagClientOptions } from "./flag-client-options.ts";
import type { FlagEvent } from "./flag-events.ts";
import type { LastKnown, SavedFlags } from "./flag-files.ts";

const on = makeFlag("f");
const killed = makeFlag("f", { killed: true });
const clients: FlagClient[] = [];

function open(store: MemoryStore | null, options: FlagClientOptions = {}) {
  const client = new FlagClient({ source: store?.source() ?? null, instance: "i1", ...options });
  clients.push(client);
  const events: FlagEvent[] = [];
  client.subscribe((event) => events.push(event));
  return { client, events, kinds: () => events.map(({ kind }) => kind) };
}

const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);

function memoryFile(saved: SavedFlags | null = null): LastKnown & { saved: SavedFlags | null } {
  const file = {
    saved,
    read: () => file.saved,
    write: async (next: SavedFlags) => {
      file.saved = next;
    },
  };
  return file;
}

beforeEach(() => {
  vi.useFakeTimers({ now: Date.parse("2027-01-01T00:00:00Z") });
});
afterEach(async () => {
  const closing = Promise.all(clients.splice(0).map((client) => client.close()));
  await pass(10_000);
  await closing;
  vi.useRealTimers();
});

describe("starting", () => {
  test("a bootstrap answers at once, before any I/O, and is replaced by the store", async () => {
    const store = new MemoryStore([killed]);
    store.revision = 5;
    const { client } = open(store, { bootstrap: makeDocument([on], 3) });
    expect(client.isOn("f")).toBe(true);
    expect(client.status()).toMatchObject({ state: "STALE", origin: "bootstrap", ageMs: null });
    await pass(0);
    expect(client.isOn("f")).toBe(false);
    expect(client.status()).toMatchObject({
      state: "READY",
      origin: "store",
      revision: 5,
      ageMs: 0,
      problem: null,
    });
  });

  test("a last known document beats an older bootstrap, and a newer bootstrap beats it", () => {
    const lastKnown = () => memoryFile({ document: makeDocument([killed], 4), savedAt: Date.now() - 60_000 });
    const restarted = open(null, { bootstrap: makeDocument([on], 3), lastKnown: lastKnown() }).client;
    expect(restarted.isOn("f")).toBe(false);
    expect(restarted.status()).toMatchObject({ state: "STALE", origin: "last-known", ageMs: 60_000 });
    expect(open(null, { bootstrap: makeDocument([on], 5), lastKnown: lastKnown() }).client.isOn("f")).toBe(
      true,
    );
  });

  test("with the store down from the start it waits no longer than it was told, then goes on trying", async () => {
    const store = new MemoryStore([killed]);
    store.mood = "silent";
    const { client } = open(store, { bootstrap: makeDocument([on], 0) });
    let ready = false;
    void client.ready(300).then(() => {
      ready = true;
    });
    await pass(299);
    expect(ready).toBe(false);
    await pass(1);
    expect(ready).toBe(true);
    await pass(600_000);
    store.mood = "up";
    await pass(6_500);
    expect(client.isOn("f")).toBe(false);
  });

  test("what was never known is the declared safe value, and an undeclared key is what the caller says", () => {
    const declarations = {
      pay: { owner: "shop", safeValue: true },
      algo: { owner: "shop", safeValue: "v1" },
    };
    const { client } = open(null, { bootstrap: { declarations } });
    expect(client.evaluate("pay")).toEqual({
      value: true,
      on: true,
      variant: null,
      reason: "SAFE_VALUE",
      errorCode: null,
    });
    expect(client.value("algo", {}, "v0")).toBe("v1");
    expect(client.evaluate("nope", {}, "mine")).toMatchObject({
      value: "mine",
      reason: "ERROR",
      errorCode: "NOT_READY",
    });
    expect(client.isOn("nope", {}, true)).toBe(true);
    expect(client.status()).toMatchObject({ state: "NOT_READY", revision: null, ageMs: null });
  });

  test("a release's manifest is a bootstrap: its flags have their declared safe values", () => {
    const flag = {
      key: "pay",
      description: "Payments",
      owner: "shop",
      release: "1.2.0",
      safe: true,
      expires: null,
      salt: "pay",
    };
    const manifest = {
      version: "1.2.0",
      flags: [flag, { ...flag, key: "old", safe: false, expires: "2027-01-31" }],
    };
    const { client } = open(null, { bootstrap: manifest });
    expect([client.isOn("pay"), client.isOn("old", {}, true)]).toEqual([true, false]);
    const broken = open(null, { bootstrap: { flags: [{ ...flag, expires: "soon" }] } }).client;
    expect(broken.status().problem?.message).toContain("flags[0].pay.expiresAt must be a moment");
  });

  test("a flag of the bootstrap that the store does not have yet is its safe value, not unknown", async () => {
    const bootstrap = makeDocument([makeFlag("pay", {}, { safeValue: true }), on], 0);
    const { client } = open(new MemoryStore([on]), { bootstrap });
    expect(client.evaluate("pay").reason).toBe("STATIC");
    await pass(0);
    expect(client.evaluate("pay")).toMatchObject({ value: true, reason: "SAFE_VALUE" });
  });

  test("a flag that the release declares and the store does not have yet is its safe value", async () => {
    const { client } = open(new MemoryStore([]), {
      bootstrap: { declarations: { pay: { owner: "shop", safeValue: true } } },
    });
    await pass(0);
    expect(client.evaluate("pay").reason).toBe("SAFE_VALUE");
    expect(client.evaluate("nope").errorCode).toBe("FLAG_NOT_FOUND");
  });

  test.each([
    ["a bootstrap", { bootstrap: { flags: [{}] } }],
    ["a last known file", { lastKnown: memoryFile({ document: "<html>", savedAt: 0 }) }],
    [
      "a last known file that cannot be read",
      {
        lastKnown: {
          ...memoryFile(),
          read: () => {
            throw new Error("EACCES");
          },
        },
      },
    ],
    ["an override file", { override: { read: () => ({ values: [] }) } }],
  ] as const)("%s that is not valid is reported and left aside", async (_, options) => {
    const { client } = open(new MemoryStore([on]), options as FlagClientOptions);
    expect(client.status().problem?.failure).toBe("file");
    await pass(0);
    expect(client.isOn("f")).toBe(true);
  });
});

describe("keeping up", () => {
  test("without any push a change is there within 1.1 s, and unchanged polls read no document", async () => {
    const store = new MemoryStore([on]);
    const { client, events } = open(store);
    await pass(30_000);
    expect(store.reads.document).toBe(1);
    expect(store.reads.revision).toBeGreaterThan(25);
    store.write([killed]);
    await pass(1_100);
    expect(client.isOn("f")).toBe(false);
    expect(events.filter(({ kind }) => kind === "applied").at(-1)).toMatchObject({
      origin: "store",
      revision: 2,
      changed: ["f"],
    });
  });

  test("a hint is followed at once; one that is late, double or out of order is not", async () => {
    const store = new MemoryStore([on]);
    const { client } = open(store);
    await pass(0);
    store.write([killed]);
    store.hint({ epoch: "one", revision: 2 });
    await pass(0);
    expect(client.isOn("f")).toBe(false);
    const reads = store.reads.revision;
    store.hint({ epoch: "one", revision: 2 });
    store.hint({ epoch: "one", revision: 1 });
    await pass(0);
    expect(store.reads.revision).toBe(reads);
    store.hint(null);
    await pass(0);
    expect(store.reads.revision).toBe(reads + 1);
  });

  test("a hint that runs ahead of the store changes nothing: the poll is the truth", async () => {
    const store = new MemoryStore([on]);
    const { client } = open(store);
    await pass(0);
    store.hint({ epoch: "one", revision: 99 });
    await pass(0);
    expect(client.status().revision).toBe(1);
    store.write([killed]);
    await pass(1_100);
    expect(client.isOn("f")).toBe(false);
  });

  test.each([
    { epoch: "one" },
    { epoch: "one", revision: "1" },
    { epoch: "one", revision: Number.NaN },
    null,
  ])("an answer that is no revision (%j) does not pass for nothing new", async (found) => {
    const store = new MemoryStore([on]);
    const fetchRevision = async () => found as never;
    const client = new FlagClient({
      source: { ...store.source(), fetchRevision },
      bootstrap: makeDocument([on]),
    });
    clients.push(client);
    await pass(3_000);
    expect(client.status()).toMatchObject({ state: "STALE", ageMs: null, problem: { failure: "document" } });
    expect(store.acknowledgements).toEqual([]);
  });

  test("a storm of hints leads to no storm of reads", async () => {
    const store = new MemoryStore([on]);
    open(store);
    await pass(0);
    for (let hint = 0; hint < 1_000; hint += 1) store.hint(null);
    await pass(0);
    expect(store.reads.revision).toBeLessThan(5);
  });

  test("an older revision of the same epoch is never gone back to; another epoch is the new truth", async () => {
    const store = new MemoryStore([killed]);
    store.revision = 10;
    const { client } = open(store);
    await pass(0);
    store.revision = 9;
    store.flags = [on];
    await pass(3_000);
    expect(client.isOn("f")).toBe(false);
    store.epoch = "restored";
    store.revision = 2;
    await pass(1_100);
    expect(client.isOn("f")).toBe(true);
    expect(client.status()).toMatchObject({ epoch: "restored", revision: 2 });
  });

  test.each([
    ["a page", "<html>"],
    [
      "a flag without a state",
      { ...makeDocument([], 2), flags: [{ key: "f", declaration: { owner: "x" } }] },
    ],
    ["an older revision than the store's own", makeDocument([killed], 1)],
    ["another epoch than the store's own", makeDocument([killed], 2, "other")],
  ])(
    "a document that is %s is kept out, the last good one kept, and the next good one taken",
    async (_, answer) => {
      const store = new MemoryStore([on]);
      const { client } = open(store);
      await pass(0);
      store.write([killed]);
      store.answer = answer;
      await pass(20_000);
      expect(client.isOn("f")).toBe(true);
      expect(client.status()).toMatchObject({ state: "STALE", revision: 1 });
      expect(client.status().problem?.failure).toMatch(/document|failed/);
      store.answer = undefined;
      await pass(5_001);
      expect(client.isOn("f")).toBe(false);
      expect(client.status()).toMatchObject({ state: "READY", problem: null });
    },
  );

  test.each(["down", "silent", "denied", "nonsense"] as const)(
    "a store that is %s for ten minutes changes no value, is said once, and a kill is there within 6.5 s after it",
    async (mood) => {
      const store = new MemoryStore([on]);
      const { client, kinds, events } = open(store);
      await pass(10_000);
      store.mood = mood;
      await pass(600_000);
      expect(client.isOn("f")).toBe(true);
      expect(client.status().state).toBe("STALE");
      expect(client.status().ageMs).toBeGreaterThan(595_000);
      expect(kinds().filter((kind) => kind === "stale")).toEqual(["stale"]);
      const failures = { down: "unreachable", silent: "unreachable", denied: "denied", nonsense: "document" };
      expect(client.status().problem?.failure).toBe(failures[mood]);
      expect(events.filter(({ kind }) => kind === "problem").length).toBeLessThan(4);
      // 401 and 403 are no reason to stop: keys get rotated.
      store.mood = "up";
      store.write([killed]);
      await pass(6_500);
      expect(client.isOn("f")).toBe(false);
      expect(kinds().at(-1)).toBe("fresh");
      const reads = store.reads.revision;
      await pass(10_000);
      expect(store.reads.revision - reads).toBeGreaterThanOrEqual(9);
    },
  );

  test("a wall clock that jumps by a year changes neither ages nor the rhythm", async () => {
    const store = new MemoryStore([on]);
    let jump = 0;
    const { client } = open(store, { ports: { now: () => Date.now() + jump } });
    await pass(0);
    for (const year of [1, -1]) {
      jump = year * 365 * 86_400_000;
      const reads = store.reads.revision;
      await pass(10_000);
      expect(client.status().state).toBe("READY");
      expect(store.reads.revision - reads).toBeGreaterThanOrEqual(9);
      expect(store.reads.revision - reads).toBeLessThanOrEqual(12);
    }
  });

  test("a last known file from the future is as old as the process, not younger than now", async () => {
    const lastKnown = memoryFile({ document: makeDocument([on], 1), savedAt: Date.now() + 86_400_000 });
    const { client } = open(null, { lastKnown });
    expect(client.status().ageMs).toBe(0);
    await pass(1_000);
    expect(client.status().ageMs).toBe(1_000);
  });

  test("10,000 flags are taken in, and one that changed is named", async () => {
    const many = Array.from({ length: 10_000 }, (_, index) => makeFlag(`f${index}`, { rollout: 50 }));
    const store = new MemoryStore(many);
    const { client, events } = open(store);
    await pass(0);
    store.write(many.with(4_711, makeFlag("f4711", { killed: true })));
    await pass(1_100);
    expect(events.filter(({ kind }) => kind === "applied").at(-1)).toMatchObject({ changed: ["f4711"] });
    expect(client.evaluate("f4711").reason).toBe("KILLED");
  });
});

describe("what it tells", () => {
  test("it acknowledges what it applied, once per change, and that it lives every ten seconds", async () => {
    const store = new MemoryStore([on]);
    open(store);
    await pass(0);
    expect(store.acknowledgements).toMatchObject([
      { instance: "i1", epoch: "one", revision: 1, at: Date.now() },
    ]);
    await pass(9_000);
    expect(store.acknowledgements).toHaveLength(1);
    store.write([killed]);
    store.hint(null);
    await pass(0);
    expect(store.acknowledgements.at(-1)).toMatchObject({ revision: 2 });
    await pass(60_000);
    expect(store.acknowledgements.length).toBeGreaterThanOrEqual(2 + 5);
    expect(store.acknowledgements.length).toBeLessThanOrEqual(2 + 6);
  });

  test("an acknowledgement that got lost is said again", async () => {
    const store = new MemoryStore([on]);
    const source = store.source();
    let lost = 2;
    const acknowledge: typeof source.acknowledge = async (...args) => {
      lost -= 1;
      if (lost >= 0) throw new Error("lost");
      await source.acknowledge(...args);
    };
    clients.push(new FlagClient({ source: { ...source, acknowledge } }));
    await pass(3_000);
    expect(store.acknowledgements).toHaveLength(1);
  });

  test("a listener that throws stops neither the others nor a kill", async () => {
    const store = new MemoryStore([on]);
    const client = new FlagClient({ source: store.source() });
    clients.push(client);
    const heard: string[] = [];
    client.subscribe(() => {
      throw new Error("mine");
    });
    const stop = client.subscribe(({ kind }) => heard.push(kind));
    await pass(0);
    store.write([killed]);
    await pass(1_100);
    expect(client.isOn("f")).toBe(false);
    expect(heard).toEqual(["applied", "applied"]);
    stop();
    store.write([on]);
    await pass(1_100);
    expect(heard).toHaveLength(2);
  });

  test("the last known file gets every document of the store, with its time", async () => {
    const store = new MemoryStore([on]);
    const lastKnown = memoryFile();
    open(store, { lastKnown });
    await pass(0);
    store.write([killed]);
    await pass(1_100);
    expect(lastKnown.saved).toMatchObject({ document: { revision: 2 } });
    const restarted = open(null, { lastKnown }).client;
    expect(restarted.evaluate("f").reason).toBe("KILLED");
  });
});

describe("the override", () => {
  test("beats the document while it is there, in the values that it has", async () => {
    let values: unknown = { f: false, algo: "v9" };
    const { client, events } = open(new MemoryStore([on]), {
      override: { read: () => (values === null ? null : { values }) },
    });
    await pass(0);
    expect(client.evaluate("f")).toMatchObject({ on: false, value: false, reason: "OVERRIDE" });
    expect(client.value("algo", {}, "v1")).toBe("v9");
    values = null;
    await pass(1_100);
    expect(client.isOn("f")).toBe(true);
    expect(events).toContainEqual({ kind: "overridden", keys: [] });
  });

  test("is looked at while the store is down, and a broken one leaves the last good one in place", async () => {
    let values: unknown = {};
    const store = new MemoryStore([on]);
    const { client } = open(store, { override: { read: () => ({ values }) } });
    await pass(0);
    store.mood = "down";
    values = { f: false };
    await pass(5_000);
    expect(client.isOn("f")).toBe(false);
    values = "broken";
    await pass(5_001);
    expect(client.isOn("f")).toBe(false);
  });
});

describe("closing", () => {
  test.each(["up", "silent", "down"] as const)(
    "ends the look under way with the store %s, and stays closed",
    async (mood) => {
      const store = new MemoryStore([on]);
      store.mood = mood;
      const { client } = open(store, { bootstrap: makeDocument([on], 0) });
      const closing = client.close();
      await pass(0);
      await closing;
      expect(store.closed).toBe(true);
      const reads = store.reads.revision;
      store.hint(null);
      await pass(60_000);
      expect(store.reads.revision).toBe(reads);
      expect(client.isOn("f")).toBe(true);
      expect(client.status().state).toBe("CLOSED");
      await client.close();
      expect(vi.getTimerCount()).toBe(0);
    },
  );

  test("does not wait for ever for a source that does not close, and lets ready() go", async () => {
    const source = { ...new MemoryStore([on]).source(), close: () => new Promise<void>(() => {}) };
    const client = new FlagClient({ source: { ...source, fetchRevision: () => new Promise(() => {}) } });
    const ready = client.ready();
    const closing = client.close();
    await pass(1_500);
    await closing;
    await ready;
    expect(vi.getTimerCount()).toBe(0);
  });
});

test("a value of another type than asked for is the caller's own", async () => {
  const store = new MemoryStore([
    makeFlag("f", { variants: [{ name: "a", weight: 1, value: { limit: 3 } }] }),
  ]);
  const { client } = open(store);
  await pass(0);
  expect(client.value("f", {}, { limit: 1 })).toEqual({ limit: 3 });
  expect(client.value("f", {}, "text")).toBe("text");
  expect(client.value("f", {}, 7)).toBe(7);
  expect(client.value("f", {}, null)).toBeNull();
});

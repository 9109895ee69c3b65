import { spawn } from "node:child_process";
import { once } from "node:events";
import { tcpProxy } from "@slipway/toolchain/testing";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { declared, type ScratchStore, scratchStore } from "../../testing/scratch-store.ts";
import { until } from "../../testing/until.ts";
import type { FlagRevision } from "../document/flag-revision.ts";
import { parseFlagDocument } from "../document/parse-flag-document.ts";
import type { FlagSource } from "../source/flag-source.ts";
import { flagInstances, killFlag, setFlag } from "../store/index.ts";
import { type PostgresSourceOptions, postgresSource } from "./postgres-source.ts";

let store: ScratchStore;
const sources: FlagSource[] = [];

beforeAll(async () => {
  store = await scratchStore();
  await store.db.script(
    "create role reader login; grant slipway_flag_reader to reader; create role stranger login",
  );
  await declared(store.db, "new-checkout");
});
afterEach(async () => {
  await Promise.all(sources.splice(0).map((source) => source.close()));
});
afterAll(() => store.remove());

const as = (user: string) => store.url.replace("postgres@", `${user}@`);
const soon = () => AbortSignal.timeout(20_000);

function make(options: Partial<PostgresSourceOptions> = {}): FlagSource {
  const source = postgresSource({ url: as("reader"), backoffCapMs: 200, ...options });
  sources.push(source);
  return source;
}

async function listening(options: Partial<PostgresSourceOptions> = {}) {
  const source = make(options);
  const hints: (FlagRevision | null)[] = [];
  source.subscribe((hint) => hints.push(hint));
  await until("the first hint", () => hints.length > 0);
  return { source, hints };
}

/** Ends the readers' connections, and gives the processes that served them: they end a moment later. */
async function endReaders(): Promise<number[]> {
  const ended = await store.db.query<{ pid: number }>(
    "select pid, pg_terminate_backend(pid) from pg_stat_activity where usename = 'reader'",
  );
  return ended.map(({ pid }) => pid);
}

describe("questions", () => {
  test("are answered with position and document, by a user who may only read flags", async () => {
    const source = make();
    const position = await source.fetchRevision(null, soon());
    expect(parseFlagDocument(await source.fetchDocument(soon()))).toMatchObject(position);
  });

  test("of a stranger are denied; without flags, or with a URL that is none, they have failed", async () => {
    await expect(make({ url: as("stranger") }).fetchDocument(soon())).rejects.toMatchObject({
      failure: "denied",
    });
    const bare = await store.postgres.createDatabase();
    await expect(make({ url: bare }).fetchDocument(soon())).rejects.toMatchObject({
      failure: "failed",
      message: expect.stringContaining("this database has no flags of Slipway"),
    });
    const error = await make({ url: "postgres://u:pass-word@[" })
      .fetchDocument(soon())
      .catch((reason: unknown) => reason);
    expect(error).toMatchObject({ failure: "failed" });
    expect(String(error)).not.toContain("pass-word");
  });

  test("to a server that is not there are unreachable, and so are those to one that swallows", async () => {
    await expect(make({ url: "postgres://u@127.0.0.1:9/x" }).fetchDocument(soon())).rejects.toMatchObject({
      failure: "unreachable",
    });
    const proxy = await tcpProxy(store.postgres.port);
    const source = make({ url: as("reader").replace(`:${store.postgres.port}`, `:${proxy.port}`) });
    await source.fetchRevision(null, soon());
    proxy.swallow();
    const start = performance.now();
    await expect(source.fetchRevision(null, AbortSignal.timeout(200))).rejects.toMatchObject({
      failure: "unreachable",
    });
    expect(performance.now() - start).toBeLessThan(20_000);
    await proxy.close();
  });

  test("go on after the connection was ended by the server, with the password of then", async () => {
    let asked = 0;
    const source = make({
      url: () => {
        asked += 1;
        return as("reader");
      },
    });
    await source.fetchRevision(null, soon());
    await endReaders();
    await until("an answer", () =>
      source.fetchRevision(null, soon()).then(
        () => true,
        () => false,
      ),
    );
    expect(asked).toBeGreaterThanOrEqual(2);
  });

  test("acknowledge, and closing says goodbye", async () => {
    const source = make();
    const { epoch, revision } = await source.fetchRevision(null, soon());
    await source.acknowledge({ instance: "api-1", epoch, revision, at: 0, appliedMs: 12 }, soon());
    expect(await flagInstances(store.db, revision)).toMatchObject([{ instance: "api-1", applied: true }]);
    // A call that is given up takes its connection with it, and closing gives calls up.
    await source.fetchRevision(null, AbortSignal.abort()).catch(() => undefined);
    await source.close();
    expect(await flagInstances(store.db, revision)).toEqual([]);
    await expect(source.fetchRevision(null, soon())).rejects.toMatchObject({ failure: "unreachable" });
  });
});

describe("hints", () => {
  test("come when a flag is killed, with where the store is then", async () => {
    const { hints } = await listening();
    await declared(store.db, "hinted");
    const { epoch, revision } = await killFlag(store.db, { actor: "ann", key: "hinted" });
    await until("the hint", () => hints.some((hint) => hint?.revision === revision));
    expect(hints.at(-1)).toEqual({ epoch, revision });
  });

  test("come again after the server ended the connection, without a question in between", async () => {
    const { hints } = await listening();
    for (let round = 0; round < 3; round++) {
      const before = hints.length;
      const ended = await endReaders();
      expect(ended).toHaveLength(1);
      await until("listening again", async () => {
        const others = await store.db.query(
          `select from pg_stat_activity where usename = 'reader' and state = 'idle'
             and query = 'listen slipway_flags' and pid <> all ($1)`,
          [ended],
        );
        return others.length === 1 && hints.length > before;
      });
    }
    // What is heard comes in order: after this one no hint of a connection is on its way.
    await store.db.query(`notify slipway_flags, '{"epoch": "of the test", "revision": 1}'`);
    await until("the last of them", () => hints.at(-1)?.epoch === "of the test");
    // Counted first: the notification may arrive before the answer to the statement that sends it.
    const before = hints.length;
    await store.db.query("notify slipway_flags, 'nonsense'");
    await until("the notification", () => hints.length > before);
    expect(hints.at(-1)).toBeNull();
  });

  test("do not come behind a pooler, and the questions do", async () => {
    const source = make({ listen: false });
    const hints: unknown[] = [];
    source.subscribe((hint) => hints.push(hint));
    const { flag, revision } = await setFlag(store.db, {
      actor: "ann",
      key: "new-checkout",
      change: { rollout: 51 },
      expectedVersion: 1,
    });
    expect(flag.state.rollout).toBe(51);
    expect((await source.fetchRevision(null, soon())).revision).toBe(revision);
    expect(hints).toEqual([]);
  });
});

test("a process that forgets to close it ends all the same", async () => {
  const program = `
    import { postgresSource } from ${JSON.stringify(new URL("./postgres-source.ts", import.meta.url).href)};
    const source = postgresSource({ url: ${JSON.stringify(as("reader"))} });
    source.subscribe(() => {});
    // A question does not keep it alive either.
    const awake = setInterval(() => {}, 1_000);
    console.log((await source.fetchRevision(null, AbortSignal.timeout(20_000))).revision);
    clearInterval(awake);`;
  const child = spawn(process.execPath, ["--input-type=module", "-e", program], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const late = setTimeout(() => child.kill("SIGKILL"), 60_000);
  const [code] = await once(child, "exit");
  clearTimeout(late);
  expect(code).toBe(0);
});

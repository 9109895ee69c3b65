import { createServer } from "node:net";
import { inspect } from "node:util";
import { createRedactor, isSlipwayError } from "@slipway/kernel";
import { freePort, tcpProxy } from "@slipway/toolchain/testing";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { type ScratchLedgers, scratchLedgers } from "../testing/scratch-ledger.ts";
import { connect } from "./connect.ts";
import type { Database } from "./database.ts";

let ledgers: ScratchLedgers;
let url: string;
let db: Database;

beforeAll(async () => {
  ledgers = await scratchLedgers();
  url = await ledgers.postgres.createDatabase();
  db = await ledgers.connect(url);
  await db.script("create table seen (n integer)");
});
afterAll(() => ledgers.remove());

const count = async () => Number((await db.query<{ n: string }>("select count(*) as n from seen"))[0]?.n);

describe("connecting", () => {
  test.each([
    [
      "a port where nothing listens",
      async () => `postgres://ann:pa55word@127.0.0.1:${await freePort()}/shop`,
      "nothing listens there",
    ],
    [
      "a database that does not exist",
      async () => url.replace(/[^/]+$/, "nowhere").replace("postgres@", "postgres:pa55word@"),
      'database "nowhere" does not exist',
    ],
    [
      "a user who may not log in",
      async () => url.replace("postgres@", "nobody_here:pa55word@"),
      'role "nobody_here" does not exist',
    ],
    [
      "a host that does not resolve",
      async () => "postgres://ann:pa55word@no-such-host.invalid/shop",
      "cannot be resolved",
    ],
    ["a URL that is none", async () => "postgres://ann:pa55word@[:/shop", "cannot be read"],
  ])("%s is DATABASE_UNREACHABLE with the reason, and no password anywhere", async (_name, makeUrl, why) => {
    const error = await connect(await makeUrl()).catch((error: unknown) => error);
    if (!isSlipwayError(error)) throw new Error(`not a SlipwayError: ${inspect(error)}`);
    expect(error.code).toBe("DATABASE_UNREACHABLE");
    expect(error.why).toContain(why);
    expect(inspect(error, { depth: 10, showHidden: true })).not.toContain("pa55word");
  });

  test("a server that accepts and says nothing is given up after the time-out", async () => {
    const silent = createServer();
    await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
    const { port } = silent.address() as { port: number };
    await expect(connect(`postgres://ann@127.0.0.1:${port}/shop`, { timeoutMs: 300 })).rejects.toMatchObject({
      code: "DATABASE_UNREACHABLE",
      why: "no answer within 300 ms",
    });
    silent.close();
  });

  test("the server sees the application's name", async () => {
    const named = await connect(url, { applicationName: "slipway production" });
    expect(await named.query("select current_setting('application_name') as name")).toEqual([
      { name: "slipway production" },
    ]);
    await named.end();
  });

  test("a redactor learns the password", async () => {
    const redactor = createRedactor();
    const other = await connect(url.replace("postgres@", "postgres:pa55word@"), { redactor });
    expect(redactor.redact("it is pa55word")).toBe("it is [redacted]");
    await other.end();
  });
});

describe("transactions", () => {
  test("work that fails leaves nothing behind", async () => {
    const before = await count();
    const failing = db.transaction(async () => {
      await db.query("insert into seen values (1)");
      throw new Error("no");
    });
    await expect(failing).rejects.toThrow("no");
    expect(await count()).toBe(before);
  });

  test("calls made beside a transaction do not get into it", async () => {
    const before = await count();
    const failing = db.transaction(async () => {
      await db.query("insert into seen values (1)");
      await new Promise((resolve) => setTimeout(resolve, 50));
      throw new Error("no");
    });
    const beside = db.query("insert into seen values (2)");
    await expect(failing).rejects.toThrow("no");
    await beside;
    expect(await count()).toBe(before + 1);
  });

  test("many at once run one after the other, and one that fails takes no other with it", async () => {
    const before = await count();
    const results = await Promise.allSettled(
      Array.from({ length: 20 }, (_, index) =>
        db.transaction(async () => {
          await db.query("insert into seen values ($1)", [index]);
          await Promise.all([db.query("select 1"), db.query("insert into seen values ($1)", [index])]);
          if (index % 2 === 1) throw new Error("no");
        }),
      ),
    );
    expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(10);
    expect(await count()).toBe(before + 20);
  });

  test("a transaction whose failed statement was overlooked is not reported as committed", async () => {
    const careless = db.transaction(async () => {
      await db.query("select 1 / 0").catch(() => undefined);
    });
    await expect(careless).rejects.toMatchObject({ code: "DATABASE_FAILED" });
  });

  test("one inside another is a programmer's error", async () => {
    await expect(db.transaction(() => db.transaction(async () => undefined))).rejects.toThrow(
      "inside transaction()",
    );
    expect(await db.query("select 1 as one")).toEqual([{ one: 1 }]);
  });

  test("isolation is READ COMMITTED, whatever the database's default is", async () => {
    await db.script("set default_transaction_isolation = serializable");
    const [row] = await db.transaction(() =>
      db.query<{ level: string }>("select current_setting('transaction_isolation') as level"),
    );
    expect(row?.level).toBe("read committed");
    await db.script("reset default_transaction_isolation");
  });

  test("a script that fails in its own transaction leaves the connection usable", async () => {
    await expect(db.script("begin; insert into seen values (9); select 1 / 0; commit")).rejects.toMatchObject(
      { code: "22012" },
    );
    expect(await db.query("select count(*)::int as n from seen where n = 9")).toEqual([{ n: 0 }]);
  });
});

describe("a connection that drops", () => {
  test("in mid-query rejects at once, says so, and does not end the process", async () => {
    const proxy = await tcpProxy(ledgers.postgres.port);
    const other = await connect(url.replace(/:\d+\//, `:${proxy.port}/`));
    const sleeping = other.query("select pg_sleep(90)");
    const waiting = other.query("select 1");
    setTimeout(() => proxy.cut(), 100);
    const started = performance.now();
    // Long before the sleep is over.
    await expect(sleeping).rejects.toMatchObject({
      code: "DATABASE_FAILED",
      message: expect.stringContaining("Lost the connection to database"),
    });
    await expect(waiting).rejects.toMatchObject({ code: "DATABASE_FAILED" });
    expect(performance.now() - started).toBeLessThan(60_000);
    await expect(other.transaction(() => other.query("select 1"))).rejects.toMatchObject({
      code: "DATABASE_FAILED",
    });
    await other.end();
    await proxy.close();
  });

  test("while idle is told by the next statement", async () => {
    const other = await connect(url);
    const [row] = await other.query<{ pid: number }>("select pg_backend_pid() as pid");
    await db.query("select pg_terminate_backend($1)", [row?.pid]);
    await vi.waitFor(
      async () =>
        expect(await db.query("select from pg_stat_activity where pid = $1", [row?.pid])).toEqual([]),
      { timeout: 20_000 },
    );
    // It is gone, and its last words are in the socket; now they are read.
    await new Promise((resolve) => setTimeout(resolve, 100));
    await expect(other.query("select 1")).rejects.toMatchObject({
      code: "DATABASE_FAILED",
      why: expect.stringContaining("terminating connection"),
    });
    await other.end();
  });

  test("by a crash of the server rejects what is under way", async () => {
    const crashed = await scratchLedgers();
    const { db: other } = await crashed.create();
    const sleeping = other.query("select pg_sleep(30)").catch((error: unknown) => error);
    await new Promise((resolve) => setTimeout(resolve, 100));
    crashed.postgres.stop("immediate");
    expect(await sleeping).toMatchObject({
      code: "DATABASE_FAILED",
      what: expect.stringContaining("Lost the connection"),
    });
    await crashed.remove();
  });
});

import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { migrationsOf } from "./example-releases.ts";
import { applySql, revertSql, withClient } from "./testing/migrate.ts";
import { type ScratchShop, scratchShop } from "./testing/scratch-shop.ts";
import type { RunningService } from "./testing/start-built.ts";

const BEFORE = migrationsOf("1.2.0");
const EXPAND = "20260126090000_product_title";
const CONTRACT = "20260126090001_drop_product_name";

let shop: ScratchShop;
beforeAll(async () => {
  shop = await scratchShop();
});
afterAll(() => shop?.remove());

/** Someone who adds and renames products through one app, and looks at them through every app that serves. */
interface Writer {
  /** Names by id, as they were last written. */
  readonly written: Map<number, string>;
  readonly problems: string[];
  /** Resolves when it has made some more turns, each of them whole, or has ended. */
  turns(more: number): Promise<void>;
  stop(): Promise<void>;
}

/** Enough for each kind of turn, twice. */
const TURNS = 6;

function startWriter(label: string, app: RunningService, readers: () => readonly RunningService[]): Writer {
  const written = new Map<number, string>();
  const problems: string[] = [];
  let stopping = false;
  let turn = 0;

  async function ask(service: RunningService, path: string, options?: { method?: string; body?: unknown }) {
    const answer = await service.ask(path, options);
    if (answer.status >= 300)
      problems.push(`${label} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body;
  }

  async function write(): Promise<void> {
    for (; !stopping; turn++) {
      const ids = [...written.keys()];
      const isNew = turn % 3 === 0;
      const name = `${label} ${turn}`;
      const id = isNew
        ? (await ask(app, "/products", { body: { name, priceCents: turn } })).id
        : ids[turn % ids.length]!;
      if (!isNew) await ask(app, `/products/${id}/name`, { method: "PUT", body: { name } });
      written.set(id, name);
      for (const reader of readers()) {
        const { name: read } = await ask(reader, `/products/${id}`);
        if (read !== name) problems.push(`${label}: product ${id} is ${read} and was written as ${name}`);
      }
    }
  }

  const writing = write()
    .catch((error: unknown) => void problems.push(`${label}: ${error}`))
    .finally(() => {
      stopping = true;
    });
  return {
    written,
    problems,
    async turns(more) {
      const begun = turn;
      // The one under way does not count: it began before.
      while (!stopping && turn < begun + more + 1) await sleep(10);
    },
    async stop() {
      stopping = true;
      await writing;
    },
  };
}

test("name becomes title and title becomes name again, with both apps writing wherever both may serve", async () => {
  const url = await shop.database(BEFORE);
  const serving = new Set<RunningService>();
  const writers: Writer[] = [];
  const enter = async (version: string) => {
    const app = await shop.start("api", version, url);
    expect((await app.ask("/readyz")).status, `${version} is ready`).toBe(200);
    serving.add(app);
    const writer = startWriter(`${version} ${writers.length}`, app, () => [...serving]);
    writers.push(writer);
    return {
      async leave() {
        // As a release does: no traffic first, then the end of the process.
        await writer.stop();
        serving.delete(app);
        // Until nobody looks through it any more.
        await Promise.all(writers.map((other) => other.turns(1)));
        expect(await app.stop()).toBe(0);
      },
    };
  };
  const expectAllWell = async (where: string, column: "name" | "title") => {
    await Promise.all(writers.map((writer) => writer.turns(TURNS)));
    expect(
      writers.flatMap(({ problems }) => problems),
      where,
    ).toEqual([]);
    await withClient(url, async (client) => {
      const { rows } = await client.query(
        `select count(*)::int as wrong from products where ${column} is null`,
      );
      expect(rows, where).toEqual([{ wrong: 0 }]);
    });
  };

  const old = await enter("1.1.0");
  await expectAllWell("before", "name");
  await applySql(url, [EXPAND]);
  await expectAllWell("the old app with both columns", "title");
  const fresh = await enter("1.3.0");
  await expectAllWell("both apps, going forward", "title");
  await old.leave();
  await applySql(url, [CONTRACT]);
  await expectAllWell("the new app with title only", "title");

  await revertSql(url, [CONTRACT]);
  await expectAllWell("the new app with both columns again", "name");
  const back = await enter("1.1.0");
  await expectAllWell("both apps, going back", "name");
  await fresh.leave();
  await revertSql(url, [EXPAND]);
  await expectAllWell("the old app alone", "name");
  await back.leave();

  const written = new Map(writers.flatMap((writer) => [...writer.written]));
  expect(writers.every((writer) => writer.written.size > 3)).toBe(true);
  await withClient(url, async (client) => {
    const { rows } = await client.query<{ id: number; name: string }>(
      "select id, name from products where id > 5",
    );
    expect(new Map(rows.map(({ id, name }) => [id, name]))).toEqual(written);
  });
});

test("each column follows the other, whichever is written", async () => {
  const url = await shop.database([...BEFORE, EXPAND]);
  await withClient(url, async (client) => {
    const both = async (sql: string) => (await client.query(`${sql} returning name, title`)).rows;
    const insert = (columns: string, values: string) =>
      both(`insert into products (${columns}, price_cents) values (${values}, 1)`);
    expect(await insert("name", "'a'")).toEqual([{ name: "a", title: "a" }]);
    expect(await insert("title", "'b'")).toEqual([{ name: "b", title: "b" }]);
    const update = (set: string) => both(`update products set ${set} where id = 6`);
    expect(await update("name = 'c'")).toEqual([{ name: "c", title: "c" }]);
    expect(await update("title = 'd'")).toEqual([{ name: "d", title: "d" }]);
    expect(await update("price_cents = 2")).toEqual([{ name: "d", title: "d" }]);
    await expect(insert("name", "null")).rejects.toThrow(/null value in column "name"/);
  });
});

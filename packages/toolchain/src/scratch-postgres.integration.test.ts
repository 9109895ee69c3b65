import { once } from "node:events";
import { existsSync } from "node:fs";
import { connect, createServer } from "node:net";
import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { freePort, type ScratchPostgres, scratchPostgres } from "../testing/scratch-postgres.ts";

let server: ScratchPostgres;

beforeAll(async () => {
  server = await scratchPostgres();
});

afterAll(() => server.remove());

async function query<Row extends pg.QueryResultRow>(url: string, sql: string): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Row>(sql)).rows;
  } finally {
    await client.end();
  }
}

const isOpen = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("connect", () => resolve(true)).once("error", () => resolve(false));
    socket.once("connect", () => socket.destroy());
  });

test("it is a Postgres 18 on loopback, and each database is empty and its own", async () => {
  const [first, second] = [await server.createDatabase(), await server.createDatabase("named")];
  expect(second).toBe(`postgres://postgres@127.0.0.1:${server.port}/named`);
  const [settings] = await query<{ version: string; addresses: string }>(
    first,
    "select current_setting('server_version') as version, current_setting('listen_addresses') as addresses",
  );
  expect(settings?.version).toMatch(/^18\./);
  expect(settings?.addresses).toBe("127.0.0.1");
  await query(first, "create table only_here ()");
  expect(await query(second, "select from pg_tables where tablename = 'only_here'")).toEqual([]);
});

test("a stopped server keeps its data, and so does a crashed one", async () => {
  const url = await server.createDatabase();
  await query(url, "create table kept as select 7 as value");
  for (const mode of ["fast", "immediate"] as const) {
    server.stop(mode);
    expect(await isOpen(server.port)).toBe(false);
    server.start();
    expect(await query(url, "select value from kept")).toEqual([{ value: 7 }]);
  }
});

test("a removed one leaves neither process nor folder, stopped before or not", async () => {
  const other = await scratchPostgres();
  const [row] = await query<{ folder: string }>(
    other.adminUrl,
    "select current_setting('data_directory') as folder",
  );
  other.remove();
  expect(existsSync(row?.folder ?? "")).toBe(false);
  expect(await isOpen(other.port)).toBe(false);
  const stopped = await scratchPostgres();
  stopped.stop();
  stopped.remove();
  expect(await isOpen(stopped.port)).toBe(false);
});

test("a free port is one that nothing listens on, no system gives out by itself, and nobody is given twice", async () => {
  const ports = [await freePort(), await freePort(), await freePort()];
  expect(new Set(ports).size).toBe(3);
  for (const port of ports) {
    expect(port).toBeGreaterThan(1023);
    expect(port).toBeLessThan(20_000);
    expect(await isOpen(port)).toBe(false);
  }
  const [taken = 0] = ports;
  const server = createServer().listen(taken, "127.0.0.1");
  await once(server, "listening");
  // Once around, the taken one is passed over.
  for (let turn = 0; turn < 1_250; turn++) expect(await freePort()).not.toBe(taken);
  server.close();
});

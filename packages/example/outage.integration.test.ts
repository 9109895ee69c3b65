import { spawnSync } from "node:child_process";
import { connect } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { exampleMigrations } from "./example-releases.ts";
import { withClient } from "./testing/migrate.ts";
import { type ScratchShop, scratchShop } from "./testing/scratch-shop.ts";
import type { RunningService } from "./testing/start-built.ts";

let shop: ScratchShop;
let api: RunningService;
let url: string;
beforeAll(async () => {
  shop = await scratchShop();
  url = await shop.database(exampleMigrations);
  api = await shop.start("api", "1.3.0", url);
});
afterAll(() => shop?.remove());

test("while the database is away every answer is prompt and says so, and afterwards all is well again", async () => {
  expect((await api.ask("/products")).status).toBe(200);
  shop.postgres.stop("immediate");
  try {
    for (const path of ["/products", "/products/1", "/products"]) {
      const begun = performance.now();
      const response = await fetch(api.url + path);
      expect([response.status, response.headers.get("retry-after")]).toEqual([503, "1"]);
      expect(await response.json()).toEqual({ error: "the database does not answer" });
      expect(performance.now() - begun).toBeLessThan(2_500);
    }
    expect((await api.ask("/readyz")).status).toBe(503);
    expect((await api.ask("/healthz")).status).toBe(200);
  } finally {
    shop.postgres.start();
  }
  await expect.poll(async () => (await api.ask("/products")).status, { timeout: 5_000 }).toBe(200);
  expect((await api.ask("/readyz")).status).toBe(200);
});

test("a table that is locked for too long is a 503 too, and not for ever", async () => {
  await withClient(url, async (client) => {
    await client.query("begin; lock table products in access exclusive mode");
    const begun = performance.now();
    expect((await api.ask("/products")).status).toBe(503);
    expect((await api.ask("/readyz")).body).toMatchObject({ status: "not ready" });
    expect(performance.now() - begun).toBeLessThan(5_000);
    await client.query("rollback");
  });
  expect((await api.ask("/products")).status).toBe(200);
});

test("SIGTERM lets a request under way end, with another client's connection open, and then ends the process", async () => {
  const stopped = await shop.start("api", "1.3.0", url);
  const idle = connect(Number(new URL(stopped.url).port), "127.0.0.1");
  idle.on("error", () => undefined);
  await withClient(url, async (client) => {
    await client.query("begin; lock table products in access exclusive mode");
    const answer = stopped.ask("/products");
    await sleep(200);
    const begun = performance.now();
    const ended = stopped.stop();
    await sleep(200);
    await expect(fetch(stopped.url), "a new connection").rejects.toThrow();
    await client.query("rollback");
    expect((await answer).status).toBe(200);
    expect(await ended).toBe(0);
    expect(performance.now() - begun).toBeLessThan(2_000);
  });
  idle.destroy();
});

test.each(["PORT", "DATABASE_URL"])("without %s it does not start, and says why", (name) => {
  const env: Record<string, string> = { PORT: "4711", DATABASE_URL: url };
  delete env[name];
  const ended = spawnSync(process.execPath, ["server.mjs"], {
    cwd: shop.folder("api", "1.3.0"),
    env,
    timeout: 10_000,
  });
  expect(ended.status).toBe(1);
  expect(ended.stderr.toString()).toContain(`${name} is not set`);
});

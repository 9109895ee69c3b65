import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { type IncomingMessage, request } from "node:http";
import { connect } from "node:net";
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
      const response = await fetch(api.url + path, { signal: AbortSignal.timeout(20_000) });
      expect([response.status, response.headers.get("retry-after")]).toEqual([503, "1"]);
      expect(await response.json()).toEqual({ error: "the database does not answer" });
      // Its own limits are a second and a half for a connection and two and a half for a query.
      expect(performance.now() - begun).toBeLessThan(15_000);
    }
    expect((await api.ask("/readyz")).status).toBe(503);
    expect((await api.ask("/healthz")).status).toBe(200);
  } finally {
    shop.postgres.start();
  }
  await expect.poll(async () => (await api.ask("/products")).status, { timeout: 30_000 }).toBe(200);
  expect((await api.ask("/readyz")).status).toBe(200);
});

test("a table that is locked for too long is a 503 too, and not for ever", async () => {
  await withClient(url, async (client) => {
    await client.query("begin; lock table products in access exclusive mode");
    // Each answer is waited for at most 20 s.
    expect((await api.ask("/products")).status).toBe(503);
    expect((await api.ask("/readyz")).body).toMatchObject({ status: "not ready" });
    await client.query("rollback");
  });
  expect((await api.ask("/products")).status).toBe(200);
});

test("SIGTERM lets a request under way end, with another client's connection open, and then ends the process", async () => {
  const stopped = await shop.start("api", "1.3.0", url);
  const port = Number(new URL(stopped.url).port);
  const idle = connect(port, "127.0.0.1");
  await once(idle, "connect");
  idle.on("error", () => undefined);
  // Under way for as long as the test likes: its body is still to come, and the service has said that it wants it.
  const body = JSON.stringify({ name: "Bell", priceCents: 5900 });
  const asked = request(`${stopped.url}/products`, {
    method: "POST",
    headers: { expect: "100-continue", "content-length": Buffer.byteLength(body) },
  });
  const answer = once(asked, "response");
  asked.flushHeaders();
  await once(asked, "continue");
  const ended = stopped.stop();
  const isRefused = async () => {
    const another = connect(port, "127.0.0.1");
    const refused = await once(another, "connect").then(
      () => false,
      () => true,
    );
    another.destroy();
    return refused;
  };
  // It waits 10 s for the request under way.
  await expect.poll(isRefused, { timeout: 8_000 }).toBe(true);
  asked.end(body);
  const [response] = (await answer) as [IncomingMessage];
  expect(response.statusCode).toBe(201);
  response.resume();
  expect(await ended).toBe(0);
  idle.destroy();
});

test.each(["PORT", "DATABASE_URL"])("without %s it does not start, and says why", (name) => {
  const env: Record<string, string> = { PORT: "4711", DATABASE_URL: url };
  delete env[name];
  const ended = spawnSync(process.execPath, ["server.mjs"], {
    cwd: shop.folder("api", "1.3.0"),
    env,
    timeout: 60_000,
  });
  expect(ended.status).toBe(1);
  expect(ended.stderr.toString()).toContain(`${name} is not set`);
});

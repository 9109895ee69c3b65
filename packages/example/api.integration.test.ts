import { rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { exampleMigrations } from "./example-releases.ts";
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

test("a discount lowers the price and can be taken back", async () => {
  const { ask } = api;
  const discounted = await ask("/products/1/discount", { method: "PUT", body: { percent: 25 } });
  expect(discounted).toEqual({
    status: 200,
    body: { productId: 1, priceCents: 4900, discountPercent: 25, finalCents: 3675 },
  });
  expect((await ask("/products/1/price")).body).toEqual(discounted.body);
  await ask("/products/1/discount", { method: "PUT", body: { percent: 0 } });
  expect((await ask("/products/1/price")).body.finalCents).toBe(4900);
  expect((await ask("/products/9/discount", { method: "PUT", body: { percent: 1 } })).status).toBe(404);
});

test("with its flag off a discount does not count, and is kept", async () => {
  const override = join(shop.folder("api", "1.3.0"), "override.json");
  writeFileSync(override, '{"discounts": false}');
  const off = await shop.start("api", "1.3.0", url, { SLIPWAY_FLAGS_OVERRIDE: override });
  await api.ask("/products/2/discount", { method: "PUT", body: { percent: 50 } });
  const discounted = (await api.ask("/products/2/price")).body;
  expect(discounted.finalCents).toBe(Math.floor(discounted.priceCents / 2));
  const { body } = await off.ask("/products/2/price");
  expect(body).toEqual({ ...discounted, discountPercent: 0, finalCents: discounted.priceCents });
  rmSync(override);
  await expect
    .poll(async () => (await off.ask("/products/2/price")).body, { timeout: 30_000 })
    .toEqual(discounted);
});

test("an order may have a note", async () => {
  const { ask } = api;
  const order = await ask("/orders", { body: { productId: 1, quantity: 1, note: "ring twice" } });
  expect(order).toMatchObject({ status: 201, body: { note: "ring twice" } });
  expect((await ask("/orders", { body: { productId: 1, quantity: 1 } })).body.note).toBe(null);
});

test.each<[string, { method?: string; body?: unknown }, number, string?]>([
  ["/nothing", {}, 404],
  ["/products/0", {}, 404],
  ["/products/one", {}, 404],
  ["/products/99999999999", {}, 404],
  ["/products/2147483648", {}, 404],
  ["/products/1/", {}, 404],
  ["/products", { method: "DELETE" }, 405, "use GET or POST"],
  ["/products", { body: "not json" }, 400, "the body is not JSON"],
  ["/products", { body: "[]" }, 400, "the body is not a JSON object"],
  ["/products", { body: { name: "", priceCents: 1 } }, 400, "name must be a text of 1 to 200 characters"],
  [
    "/products",
    { body: { name: "x".repeat(201), priceCents: 1 } },
    400,
    "name must be a text of 1 to 200 characters",
  ],
  [
    "/products",
    { body: { name: "nul \0", priceCents: 1 } },
    400,
    "name must be a text of 1 to 200 characters",
  ],
  [
    "/products",
    { body: { name: "x", priceCents: -1 } },
    400,
    "priceCents must be a whole number from 0 to 100000000",
  ],
  [
    "/products",
    { body: { name: "x", priceCents: "1" } },
    400,
    "priceCents must be a whole number from 0 to 100000000",
  ],
  [
    "/orders",
    { body: { productId: 1, quantity: 1.5 } },
    400,
    "quantity must be a whole number from 1 to 1000",
  ],
  [
    "/orders",
    { body: { productId: 2 ** 31, quantity: 1 } },
    400,
    "productId must be a whole number from 1 to 2147483647",
  ],
  [
    "/products/1/discount",
    { method: "PUT", body: { percent: 91 } },
    400,
    "percent must be a whole number from 0 to 90",
  ],
  [
    "/products",
    { body: { name: "x".repeat(20_000), priceCents: 1 } },
    413,
    "the body is longer than 16384 bytes",
  ],
])("%s %o is answered with %i", async (path, options, status, error) => {
  const answer = await api.ask(path, options);
  expect(answer.status).toBe(status);
  expect(answer.body.error).toBe(error ?? "not found");
});

test.each([
  "GET // HTTP/1.1",
  "GET http://[ HTTP/1.1",
  "GET /%zz HTTP/1.1",
  "OPTIONS * HTTP/1.1",
  "GET /products/%00 HTTP/1.1",
])("the request line %o is answered and ends nothing", async (line) => {
  expect(await raw(api.url, `${line}\r\nHost: shop\r\nConnection: close\r\n\r\n`)).toMatch(
    /^HTTP\/1\.1 4\d\d /,
  );
  expect((await api.ask("/healthz")).status).toBe(200);
});

test("HEAD is answered like GET, without a body", async () => {
  const head = await api.ask("/products", { method: "HEAD" });
  expect(head).toEqual({ status: 200, body: "" });
});

/** Sends bytes that no HTTP client would, and gives what comes back. */
function raw(address: string, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(new URL(address).port), "127.0.0.1", () => socket.write(text));
    let answer = "";
    socket.on("data", (chunk) => {
      answer += chunk.toString();
    });
    socket.on("end", () => resolve(answer));
    socket.on("error", reject);
  });
}

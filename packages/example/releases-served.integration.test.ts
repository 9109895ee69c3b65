import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { exampleReleases, migrationsOf, root } from "./example-releases.ts";
import { applySql } from "./testing/migrate.ts";
import { type ScratchShop, scratchShop } from "./testing/scratch-shop.ts";
import type { RunningService } from "./testing/start-built.ts";

let shop: ScratchShop;
beforeAll(async () => {
  shop = await scratchShop();
});
afterAll(() => shop?.remove());

describe.each(exampleReleases)("$version", ({ version }) => {
  let api: RunningService;
  let storefront: RunningService;
  let url: string;
  const [before = "none"] = exampleReleases
    .map((release) => release.version)
    .filter((other) => other < version)
    .reverse();
  beforeAll(async () => {
    url = await shop.database(migrationsOf(before));
    api = await shop.start("api", version, url);
    storefront = await shop.start("storefront", version, url);
  });

  test("is ready as soon as the schema is there, and not on the one of the release before", async () => {
    expect(await api.ask("/readyz")).toEqual({
      status: 503,
      body: { status: "not ready", why: "the schema is not the one this release needs" },
    });
    expect((await api.ask("/healthz")).status).toBe(200);
    await applySql(url, migrationsOf(version).slice(migrationsOf(before).length));
    expect(await api.ask("/readyz")).toEqual({ status: 200, body: { status: "ready" } });
    expect((await storefront.ask("/readyz")).status).toBe(200);
  });

  test("sells products, also new ones", async () => {
    const { status, body: products } = await api.ask("/products");
    expect([status, products.length, products[0]]).toEqual([
      200,
      5,
      { id: 1, name: "Anchor", priceCents: 4900 },
    ]);
    const made = await api.ask("/products", { body: { name: "  Bell ", priceCents: 5900 } });
    expect(made).toEqual({ status: 201, body: { id: 6, name: "Bell", priceCents: 5900 } });
    expect(await api.ask("/products/6/name", { method: "PUT", body: { name: "Ship's <bell>" } })).toEqual({
      status: 200,
      body: { id: 6, name: "Ship's <bell>" },
    });
    expect((await api.ask("/products/6")).body).toEqual({ id: 6, name: "Ship's <bell>", priceCents: 5900 });
    const order = await api.ask("/orders", { body: { productId: 6, quantity: 2 } });
    expect(order).toMatchObject({ status: 201, body: { id: 1, productId: 6, quantity: 2 } });
    expect((await api.ask("/orders/1")).body).toEqual(order.body);
    expect((await api.ask("/orders", { body: { productId: 7, quantity: 1 } })).status).toBe(404);
  });

  test("has the endpoints that it describes, under the version that it answers", async () => {
    const { body: described } = await api.ask("/openapi.json");
    const { body: meta } = await api.ask("/meta");
    // 1.2.0 is the release that calls itself by another name.
    expect(meta).toMatchObject({ service: "api", version: version === "1.2.0" ? "1.1.0" : version });
    expect(described.info.version).toBe(meta.version);
    const has = (path: string) => path in described.paths;
    expect([has("/products"), has("/products/{id}/price")]).toEqual([true, version !== "1.0.0"]);
    for (const path of Object.keys(described.paths)) {
      if (!("get" in described.paths[path])) continue;
      expect((await api.ask(path.replaceAll(/\{\w+\}/g, "1"))).status, path).toBe(200);
    }
  });

  test("its storefront shows the products", async () => {
    const { status, body } = await storefront.ask("/shop");
    expect(status).toBe(200);
    expect(body).toContain("<li>Anchor <b>49.00</b></li>");
    expect(body).toContain("<li>Ship&#39;s &#60;bell&#62; <b>59.00</b></li>");
    expect((await storefront.ask("/meta")).body).toMatchObject({ service: "storefront" });
  });

  test("no folder of the machine that built it is in its bundle", () => {
    for (const service of ["api", "storefront"]) {
      const bundle = readFileSync(join(shop.folder(service, version), "server.mjs"), "utf8");
      expect(bundle).not.toContain(root);
      expect(bundle).not.toMatch(/node_modules\//);
    }
  });
});

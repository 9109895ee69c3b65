import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { readProduct, readSmoke } from "@slipway/release";
import { releaseSuite, runSmoke, type Suite } from "@slipway/smoke";
import { type ScratchPostgres, scratchPostgres } from "@slipway/toolchain/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { exampleReleases, root } from "./example-releases.ts";
import { applySql, withClient } from "./testing/migrate.ts";
import { type BuiltShop, builtShop, type RunningService } from "./testing/start-built.ts";

let postgres: ScratchPostgres;
let shop: BuiltShop;
const running: RunningService[] = [];

beforeAll(async () => {
  postgres = await scratchPostgres();
  shop = builtShop();
});
afterAll(async () => {
  await Promise.all(running.map((service) => service.stop()));
  shop?.remove();
  postgres?.remove();
});

const migrations = [
  "20260105090000_shop",
  "20260112090000_discounts",
  "20260119090000_order_notes",
  "20260126090000_product_title",
  "20260126090001_drop_product_name",
];
const upTo = (head: string) => migrations.slice(0, migrations.indexOf(head) + 1);

/** A service against a database, ended with the file. */
async function start(service: "api" | "storefront", version: string, url: string): Promise<RunningService> {
  const started = await shop.start(service, version, url);
  running.push(started);
  return started;
}

describe.each(exampleReleases)("$version", ({ version, head }) => {
  let api: RunningService;
  let storefront: RunningService;
  let url: string;
  // What the release before left, and what is missing.
  const before = upTo(
    exampleReleases[exampleReleases.findIndex((release) => release.head === head) - 1]?.head ?? "",
  );
  const missing = upTo(head).slice(before.length);
  beforeAll(async () => {
    url = await postgres.createDatabase();
    await applySql(url, before);
    api = await start("api", version, url);
    storefront = await start("storefront", version, url);
  });

  test("is ready as soon as the schema is there, and not on the one of the release before", async () => {
    expect(await api.ask("/readyz")).toEqual({
      status: 503,
      body: { status: "not ready", why: "the schema is not the one this release needs" },
    });
    expect((await api.ask("/healthz")).status).toBe(200);
    await applySql(url, missing);
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

describe("the newest release", () => {
  let api: RunningService;
  let url: string;
  beforeAll(async () => {
    url = await postgres.createDatabase();
    await applySql(url, migrations);
    api = await start("api", "1.3.0", url);
  });

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

  test("an order may have a note", async () => {
    const { ask } = api;
    const order = await ask("/orders", { body: { productId: 1, quantity: 1, note: "ring twice" } });
    expect(order).toMatchObject({ status: 201, body: { note: "ring twice" } });
    expect((await ask("/orders", { body: { productId: 1, quantity: 1 } })).body.note).toBe(null);
  });

  describe("wrong input", () => {
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
  });

  test("while the database is away every answer is prompt and says so, and afterwards all is well again", async () => {
    expect((await api.ask("/products")).status).toBe(200);
    postgres.stop("immediate");
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
      postgres.start();
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

  test("the smoke checks pass on a good release and stop the one that calls itself by another name", async () => {
    const file = join(root, "stacks/product.yaml");
    const own = readSmoke(file, readProduct(file)) as unknown as Partial<Suite>;
    const storefront = await start("storefront", "1.3.0", url);
    const smokeOf = async (version: string) => {
      const api = await start("api", version, url);
      const service = (name: string, address: string) => ({
        [name]: { version, build: `sha256:${"0".repeat(64)}`, address },
      });
      const services = { ...service("api", api.url), ...service("storefront", storefront.url) };
      const expected = {
        release: version,
        digest: "sha256:00",
        services: { ...services, storefront: { ...services.storefront!, version: "1.3.0" } },
      };
      return runSmoke(releaseSuite(expected, own), { deadline: "5s" });
    };
    const good = await smokeOf("1.3.0");
    expect(good.checks.filter(({ verdict }) => verdict !== "pass")).toEqual([]);
    expect(good.verdict).toBe("pass");
    await withClient(url, (client) => client.query("alter table products add column name text default 'x'"));
    const broken = await smokeOf("1.2.0");
    expect(broken.verdict).toBe("fail");
    expect(broken.checks.filter(({ verdict }) => verdict !== "pass").map(({ name }) => name)).toEqual([
      "api is the pinned build",
      "the description is of this version",
    ]);
  });
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

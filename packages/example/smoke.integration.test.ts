import { join } from "node:path";
import { readProduct, readSmoke } from "@slipway/release";
import { releaseSuite, runSmoke, type Suite } from "@slipway/smoke";
import { afterAll, beforeAll, expect, test } from "vitest";
import { exampleMigrations, root } from "./example-releases.ts";
import { withClient } from "./testing/migrate.ts";
import { type ScratchShop, scratchShop } from "./testing/scratch-shop.ts";

let shop: ScratchShop;
beforeAll(async () => {
  shop = await scratchShop();
});
afterAll(() => shop?.remove());

test("the smoke checks pass on a good release and stop the one that calls itself by another name", async () => {
  const url = await shop.database(exampleMigrations);
  const file = join(root, "stacks/product.yaml");
  const own = readSmoke(file, readProduct(file)) as unknown as Partial<Suite>;
  const storefront = await shop.start("storefront", "1.3.0", url);
  const smokeOf = async (version: string) => {
    const api = await shop.start("api", version, url);
    const service = (name: string, address: string) => ({
      [name]: { version, build: `sha256:${"0".repeat(64)}`, address },
    });
    const services = { ...service("api", api.url), ...service("storefront", storefront.url) };
    const expected = {
      release: version,
      digest: "sha256:00",
      services: { ...services, storefront: { ...services.storefront!, version: "1.3.0" } },
    };
    return runSmoke(releaseSuite(expected, own), { deadline: "60s" });
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

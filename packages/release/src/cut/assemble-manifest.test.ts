import { sha256 } from "@slipway/kernel";
import { expect, test } from "vitest";
import { facts, migrations, product } from "../../testing/cut-facts.ts";
import { testManifest } from "../../testing/test-manifest.ts";
import { parseManifest } from "../manifest/manifest.ts";
import { assembleManifest, keptService, serviceSettings } from "./assemble-manifest.ts";
import { planCut } from "./plan-cut.ts";

test("a service is kept whole only with the same content and the same settings", () => {
  const before = testManifest("1.0.0").services.api!;
  const settings = serviceSettings(product.services.api!);
  expect(keptService(before, settings, before.build)).toBe(before);
  expect(keptService(before, settings, testManifest("1.1.0").services.api!.build)).toBe(null);
  expect(keptService(before, { ...settings, env: [] }, before.build)).toBe(null);
  expect(keptService(before, { ...settings, path: "/shop" }, before.build)).toBe(null);
  expect(keptService(undefined, settings, before.build)).toBe(null);
});

test("the manifest of a plan is one that any reader accepts", () => {
  const smoke = { checks: [{ path: "/products" }] };
  const manifest = assembleManifest(planCut(facts({ smoke, migrations: migrations("1_a", "c:2_b") })), {
    api: testManifest("1.1.0").services.api!,
  });
  expect(parseManifest(JSON.parse(JSON.stringify(manifest)), "1.1.0.json")).toEqual(manifest);
  expect(manifest.migrations[1]).toEqual({
    id: "2_b",
    up: `sha256:${sha256("2_b")}`,
    down: `sha256:${sha256("down")}`,
    phase: "contract",
    kind: "lossless",
  });
  expect(manifest.smoke).toEqual(smoke);
});

import { expect, test } from "vitest";
import { testManifest, testSettings } from "../testing/fixtures.ts";
import { neededVariables, resolveVariables, wantedInstances } from "./instance.ts";

const manifest = testManifest("1.1.0");
const api = manifest.services.api;
if (api === undefined) throw new Error("the fixture has a service");
const withVariables = {
  ...manifest,
  config: { GREETING: "hello" },
  services: { api: { ...api, env: ["DATABASE_URL", "MAIL_KEY", "GREETING"] } },
};

test("an instance is named after service, version and the digest of its settings", () => {
  const [instance] = wantedInstances(manifest, testSettings());
  expect(instance?.id).toMatch(/^api-1\.1\.0-[0-9a-f]{8}$/);
  expect(wantedInstances(manifest, testSettings())).toEqual([instance]);
});

test("what does not shape the process does not change the instance", () => {
  const a = wantedInstances(manifest, testSettings())[0]?.id;
  expect(wantedInstances(manifest, testSettings({ drainSeconds: 99, port: 9999 }))[0]?.id).toBe(a);
  expect(wantedInstances({ ...manifest, config: { GREETING: "hello" } }, testSettings())[0]?.id).not.toBe(a);
});

test("variables come from the release's config, the stack's mapping, or the same name", () => {
  const [instance] = wantedInstances(
    withVariables,
    testSettings({ env: { MAIL_KEY: { env: "SHOP_MAIL_KEY" } } }),
  );
  if (instance === undefined) throw new Error("one service gives one instance");
  expect(neededVariables(instance)).toEqual(["SHOP_MAIL_KEY"]);
  expect(resolveVariables(instance, { SHOP_MAIL_KEY: "k" }, "postgres://x")).toEqual({
    GREETING: "hello",
    MAIL_KEY: "k",
    DATABASE_URL: "postgres://x",
  });
});

test("no value of a secret is part of an instance", () => {
  const [instance] = wantedInstances(withVariables, testSettings());
  expect(instance?.variables).toEqual({ GREETING: "hello", MAIL_KEY: { env: "MAIL_KEY" } });
});

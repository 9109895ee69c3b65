import { type JsonValue, OpenFeature } from "@openfeature/web-sdk";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { makeDocument } from "../../testing/make-flag.ts";
import { openFeatureFlags } from "../../testing/open-feature-flags.ts";
import { browserFlags } from "../browser/browser-flags.ts";
import { FlagClient } from "../client/flag-client.ts";
import { flagsHandler } from "../edge/flags-handler.ts";
import { openFeatureWebProvider } from "./web.ts";

/** The evaluation scenarios through the web SDK, with the values evaluated by the edge handler. */
const keys = openFeatureFlags.map(({ key }) => key);
let online = true;
const server = new FlagClient({ bootstrap: makeDocument(openFeatureFlags) });
const handler = flagsHandler({ flags: server, keys, context: (_, claimed) => claimed });
const client = OpenFeature.getClient();
const start = (context = {}) =>
  OpenFeature.setProviderAndWait(
    openFeatureWebProvider(browserFlags({ url: "https://shop.test/flags", pollMs: 0, storage: null })),
    context,
  );

const evaluate = (key: string, fallback: JsonValue) => {
  if (typeof fallback === "boolean") return client.getBooleanDetails(key, fallback);
  if (typeof fallback === "string") return client.getStringDetails(key, fallback);
  if (typeof fallback === "number") return client.getNumberDetails(key, fallback);
  return client.getObjectDetails(key, fallback);
};

beforeEach(() => {
  online = true;
  vi.stubGlobal("fetch", (url: string, init: RequestInit) =>
    online ? handler(new Request(url, init)) : Promise.reject(new TypeError("offline")),
  );
});
afterEach(async () => {
  await OpenFeature.clearProviders();
  vi.unstubAllGlobals();
});

test.each([
  ["boolean-flag", false, true, "on"],
  ["string-flag", "bye", "hi", "greeting"],
  ["integer-flag", 1, 10, "ten"],
  ["float-flag", 0.1, 0.5, "half"],
  ["object-zero-flag", { a: 1 }, {}, "zero"],
  ["boolean-zero-flag", true, false, "zero"],
  ["string-zero-flag", "hi", "", "zero"],
  ["integer-zero-flag", 1, 0, "zero"],
] as [string, JsonValue, JsonValue, string][])(
  "%s is resolved, and says that it comes from what was answered",
  async (key, fallback, value, variant) => {
    await start();
    expect(evaluate(key, fallback)).toMatchObject({ flagKey: key, value, variant, reason: "CACHED" });
  },
);

test("not found and type mismatch give the default and the code", async () => {
  await start();
  expect(evaluate("non-existent-flag", "bye")).toMatchObject({
    value: "bye",
    reason: "ERROR",
    errorCode: "FLAG_NOT_FOUND",
  });
  expect(evaluate("string-flag", false)).toMatchObject({
    value: false,
    reason: "ERROR",
    errorCode: "TYPE_MISMATCH",
  });
});

test("another context is asked for anew", async () => {
  await start({ customer: true });
  expect(evaluate("context-aware", "x").value).toBe("EXTERNAL");
  await OpenFeature.setContext({ customer: false });
  expect(client.providerStatus).toBe("READY");
  expect(evaluate("context-aware", "x").value).toBe("INTERNAL");
});

test("a handler that does not answer is an ERROR, and defaults are served", async () => {
  online = false;
  await expect(start()).rejects.toThrow("the flags' handler does not answer");
  expect(client.providerStatus).toBe("ERROR");
  expect(evaluate("boolean-flag", false).value).toBe(false);
});

import { type Client, type JsonValue, OpenFeature, ProviderFatalError } from "@openfeature/server-sdk";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { makeDocument, makeFlag } from "../../testing/make-flag.ts";
import { MemoryStore } from "../../testing/memory-store.ts";
import { openFeatureFlags } from "../../testing/open-feature-flags.ts";
import { FlagClient } from "../client/flag-client.ts";
import { openFeatureProvider } from "./server.ts";

/**
 * OpenFeature's evaluation scenarios (evaluation_v2.feature), scenario by scenario, through the real SDK. Two say what a
 * provider can do and ours does not: CACHED (we evaluate every time) and metadata of a flag's own choice (ours is
 * fixed: why, epoch and revision).
 */
const evaluate = (client: Client, key: string, fallback: JsonValue, context = {}) => {
  if (typeof fallback === "boolean") return client.getBooleanDetails(key, fallback, context);
  if (typeof fallback === "string") return client.getStringDetails(key, fallback, context);
  if (typeof fallback === "number") return client.getNumberDetails(key, fallback, context);
  return client.getObjectDetails(key, fallback, context);
};
const template = { showImages: true, title: "Check out these pics!", imagesPerPage: 100 };
const email = (address: string | null) => ({ email: address });

let store: MemoryStore;
let client: Client;
beforeEach(async () => {
  store = new MemoryStore(openFeatureFlags);
  await OpenFeature.setProviderAndWait(openFeatureProvider(new FlagClient({ source: store.source() })));
  client = OpenFeature.getClient();
});
afterEach(() => OpenFeature.clearProviders());

const resolved: readonly [string, JsonValue, JsonValue, string][] = [
  ["boolean-flag", false, true, "on"],
  ["string-flag", "bye", "hi", "greeting"],
  ["integer-flag", 1, 10, "ten"],
  ["float-flag", 0.1, 0.5, "half"],
  ["object-flag", {}, template, "template"],
];

test.each(resolved)("resolve values, complete details: %s", async (key, fallback, value, variant) => {
  expect(await evaluate(client, key, fallback)).toMatchObject({
    flagKey: key,
    value,
    variant,
    reason: "STATIC",
  });
});

const zero: readonly [string, JsonValue, JsonValue][] = [
  ["boolean", true, false],
  ["string", "hi", ""],
  ["integer", 1, 0],
  ["float", 0.1, 0.0],
  ["object", { a: 1 }, {}],
];

describe.each(zero)("zero values of type %s", (type, fallback, value) => {
  test("resolve", async () => {
    expect(await evaluate(client, `${type}-zero-flag`, fallback)).toMatchObject({ value, reason: "STATIC" });
  });
  test.each([
    ["with targeting", email("ballmer@macrosoft.com"), "TARGETING_MATCH"],
    ["with targeting, using the default", email("ballmer@none.com"), "DEFAULT"],
    ["with an empty context", {}, "DEFAULT"],
    ["with a null in the context", email(null), "DEFAULT"],
  ])("%s", async (_, context, reason) => {
    const details = await evaluate(client, `${type}-targeted-zero-flag`, fallback, context);
    expect(details).toMatchObject({ value, reason, variant: "zero" });
  });
});

test.each([false, "bye", 1, 0.1, { a: 1 }])(
  "flag not found: the default %j, and the error says so",
  async (fallback) => {
    expect(await evaluate(client, "non-existent-flag", fallback)).toMatchObject({
      value: fallback,
      reason: "ERROR",
      errorCode: "FLAG_NOT_FOUND",
      errorMessage: "flag non-existent-flag not found",
    });
  },
);

test.each([
  ["boolean-flag", "bye"],
  ["boolean-flag", 1],
  ["boolean-flag", 0.1],
  ["string-flag", false],
  ["string-flag", 1],
  ["string-flag", {}],
])("type mismatch: %s asked for as %j is the default", async (key, fallback) => {
  const details = await evaluate(client, key, fallback);
  expect(details).toMatchObject({ value: fallback, reason: "ERROR", errorCode: "TYPE_MISMATCH" });
});

test.each(resolved)("a provider that is not ready or fatal: %s is the default", async (key, fallback) => {
  const never = new FlagClient({ source: { ...store.source(), fetchRevision: () => new Promise(() => {}) } });
  OpenFeature.setProvider("not-ready", openFeatureProvider(never));
  const notReady = OpenFeature.getClient("not-ready");
  expect(notReady.providerStatus).toBe("NOT_READY");
  expect(await evaluate(notReady, key, fallback)).toMatchObject({
    value: fallback,
    reason: "ERROR",
    errorCode: "PROVIDER_NOT_READY",
  });
  const broken = openFeatureProvider(new FlagClient({}));
  const initialize = () => Promise.reject(new ProviderFatalError("fatal"));
  await OpenFeature.setProviderAndWait("fatal", { ...broken, initialize }).catch(() => {});
  const fatal = OpenFeature.getClient("fatal");
  expect(fatal.providerStatus).toBe("FATAL");
  expect(await evaluate(fatal, key, fallback)).toMatchObject({
    value: fallback,
    errorCode: "PROVIDER_FATAL",
  });
  await never.close();
});

test("multiple context attributes", async () => {
  const context = { ...email("ballmer@macrosoft.com"), role: "admin", age: 65, customer: false };
  expect(await evaluate(client, "context-aware", "false", context)).toMatchObject({
    value: "INTERNAL",
    reason: "TARGETING_MATCH",
  });
  expect(await evaluate(client, "context-aware", "false", { customer: true })).toMatchObject({
    value: "EXTERNAL",
    reason: "DEFAULT",
  });
});

test.each([
  ["boolean-disabled-flag", false],
  ["string-disabled-flag", "bye"],
])("a disabled flag: %s", async (key, fallback) => {
  expect(await evaluate(client, key, fallback)).toMatchObject({ value: fallback, reason: "DISABLED" });
});

describe("provider status", () => {
  test("is READY, STALE and ERROR as the client is, and READY again when the store answers", async () => {
    expect(client.providerStatus).toBe("READY");
    store.mood = "down";
    const quick = { source: store.source(), pollMs: 50, backoffCapMs: 100 };
    const bootstrap = makeDocument(openFeatureFlags, 0);
    const stale = openFeatureProvider(new FlagClient({ ...quick, bootstrap }), 50);
    await OpenFeature.setProviderAndWait("stale", stale);
    const staleClient = OpenFeature.getClient("stale");
    await vi.waitFor(() => expect(staleClient.providerStatus).toBe("STALE"), 20_000);
    expect((await evaluate(staleClient, "boolean-flag", false)).value).toBe(true);
    const declared = { declarations: { "boolean-flag": { owner: "shop", safeValue: true } } };
    const nothing = openFeatureProvider(new FlagClient({ ...quick, bootstrap: declared }), 50);
    await OpenFeature.setProviderAndWait("error", nothing).catch(() => {});
    const errorClient = OpenFeature.getClient("error");
    expect(errorClient.providerStatus).toBe("ERROR");
    expect(await evaluate(errorClient, "boolean-flag", false)).toMatchObject({
      value: true,
      reason: "DEFAULT",
    });
    store.mood = "up";
    await vi.waitFor(() => {
      expect(staleClient.providerStatus).toBe("READY");
      expect(errorClient.providerStatus).toBe("READY");
    }, 20_000);
  }, 60_000);

  test("a change is an event with the keys that changed", async () => {
    const changed = new Promise((resolve) =>
      client.addHandler("PROVIDER_CONFIGURATION_CHANGED" as never, resolve),
    );
    store.write([...openFeatureFlags, makeFlag("new")]);
    store.hint(null);
    expect(await changed).toMatchObject({ flagsChanged: ["new"] });
  });
});

test("the targeting key is the user's id, hooks run in order, and the context stays as it was", async () => {
  store.write([makeFlag("f", { rules: [{ userIds: ["u7"], rollout: 100 }] })]);
  store.hint(null);
  await vi.waitFor(async () => expect((await evaluate(client, "f", false)).reason).toBe("DEFAULT"), 20_000);
  const order: string[] = [];
  const hooks = [{ before: () => void order.push("before"), after: () => void order.push("after") }];
  const context = Object.freeze({ targetingKey: "u7" });
  expect(await client.getBooleanDetails("f", false, context, { hooks })).toMatchObject({
    value: true,
    flagMetadata: { slipwayReason: "RULE", epoch: "one", revision: 2 },
  });
  expect(order).toEqual(["before", "after"]);
  expect((await evaluate(client, "f", false, { targetingKey: "u7", userId: "u8" })).value).toBe(false);
});

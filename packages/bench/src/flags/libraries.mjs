import { createRequire } from "node:module";
import { join } from "node:path";

/**
 * Opens a library with `count` boolean flags at 50 % and returns how to ask for one. Every library gets its best
 * settings: no network, no metrics, its own fastest call.
 *
 * @param {string} library
 * @param {number} count
 * @param {string} home folder that the peer is installed in
 * @returns {Promise<{ isOn(key: string, id: string): boolean | Promise<boolean>, asynchronous?: boolean }>}
 */
export async function openLibrary(library, count, home) {
  const keys = Array.from({ length: count }, (_, index) => `flag-${index}`);
  const load = createRequire(join(home, "package.json"));
  return libraries[library](keys, load);
}

const libraries = {
  async slipway(keys) {
    const { FlagClient } = await import("@slipway/flags");
    const flags = new FlagClient({ bootstrap: document(keys) });
    return { isOn: (key, id) => flags.isOn(key, { userId: id }), keep: flags };
  },

  async unleash(keys, load) {
    const { Unleash, InMemStorageProvider } = load("unleash-client");
    const data = keys.map((name) => ({
      name,
      enabled: true,
      strategies: [
        {
          name: "flexibleRollout",
          parameters: { rollout: "50", stickiness: "default", groupId: name },
          constraints: [],
        },
      ],
    }));
    const unleash = new Unleash({
      appName: "bench",
      url: "http://127.0.0.1:9/",
      refreshInterval: 0,
      disableMetrics: true,
      skipInstanceCountWarning: true,
      bootstrap: { data },
      storageProvider: new InMemStorageProvider(),
    });
    // There is no server, and none is wanted.
    unleash.on("error", () => {});
    unleash.on("warn", () => {});
    await new Promise((resolve) => unleash.once("ready", resolve));
    return { isOn: (key, id) => unleash.isEnabled(key, { userId: id }), keep: unleash };
  },

  async flagd(keys, load) {
    const { FlagdCore } = load("@openfeature/flagd-core");
    const targeting = {
      fractional: [{ cat: [{ var: "$flagd.flagKey" }, { var: "targetingKey" }] }, ["on", 50], ["off", 50]],
    };
    const flag = { state: "ENABLED", variants: { on: true, off: false }, defaultVariant: "off", targeting };
    const core = new FlagdCore();
    core.setConfigurations(JSON.stringify({ flags: Object.fromEntries(keys.map((key) => [key, flag])) }));
    const silent = { error() {}, warn() {}, info() {}, debug() {} };
    return {
      isOn: (key, id) => core.resolveBooleanEvaluation(key, false, { targetingKey: id }, silent).value,
      keep: core,
    };
  },

  async growthbook(keys, load) {
    const { GrowthBookClient } = load("@growthbook/growthbook");
    const feature = {
      defaultValue: false,
      rules: [{ force: true, coverage: 0.5, hashAttribute: "id", hashVersion: 2 }],
    };
    const client = new GrowthBookClient();
    client.initSync({ payload: { features: Object.fromEntries(keys.map((key) => [key, feature])) } });
    return { isOn: (key, id) => client.isOn(key, { attributes: { id } }), keep: client };
  },

  async "openfeature-slipway"(keys) {
    const { FlagClient } = await import("@slipway/flags");
    const { openFeatureProvider } = await import("@slipway/flags/openfeature-server");
    return throughOpenFeature(openFeatureProvider(new FlagClient({ bootstrap: document(keys) })));
  },

  async "openfeature-memory"(keys) {
    const { InMemoryProvider } = await import("@openfeature/server-sdk");
    const flag = { variants: { on: true, off: false }, defaultVariant: "on", disabled: false };
    return throughOpenFeature(new InMemoryProvider(Object.fromEntries(keys.map((key) => [key, flag]))));
  },
};

async function throughOpenFeature(provider) {
  const { OpenFeature } = await import("@openfeature/server-sdk");
  await OpenFeature.setProviderAndWait(provider);
  const client = OpenFeature.getClient();
  return { isOn: (key, id) => client.getBooleanValue(key, false, { targetingKey: id }), asynchronous: true };
}

/** The flags as our document. */
export function document(keys) {
  const flags = keys.map((key) => ({
    key,
    declaration: { owner: "bench", safeValue: false },
    state: { enabled: true, killed: false, rollout: 50, version: 1, archived: false },
  }));
  return { epoch: "bench", revision: 1, flags, segments: [] };
}

import { expect, test } from "vitest";
import { caught } from "../../testing/caught.ts";
import { parseStackConfig } from "./stack-config.ts";
import { stackFileJsonSchema } from "./stack-file-schema.ts";

const why = async (config: object) => {
  const error = await caught(() => parseStackConfig({ release: "1.0.0", ...config }, "Pulumi.dev.yaml"));
  return `${error.code} ${error.why}`;
};

test("everything that may be said is taken over as it is", () => {
  const config = {
    release: "1.1.0",
    target: "local" as const,
    database: { env: "SHOP_DATABASE_URL" },
    port: 8082,
    env: { LOG_LEVEL: "info", MAIL_KEY: { env: "SHOP_MAIL_KEY" } },
    rollout: { steps: [10, 50, 100], soakSeconds: 5, maxErrorRate: 0.01, minSamples: 20 },
    readySeconds: 30,
    stabilitySeconds: 0.5,
    drainSeconds: 10,
    onFailure: "hold" as const,
    allowDataLoss: ["20260112090000_discounts"],
    allowDrift: ["20260112090000_discounts"],
    lockTimeoutSeconds: 0.5,
    statementTimeoutSeconds: 300,
  };
  expect(parseStackConfig(config, "Pulumi.dev.yaml")).toEqual(config);
});

test("only the pin is needed", async () => {
  expect(parseStackConfig({ release: "1.0.0" }, "Pulumi.dev.yaml")).toEqual({ release: "1.0.0" });
  expect((await caught(() => parseStackConfig({}, "Pulumi.dev.yaml"))).why).toBe("release is missing");
});

test("a number in quotes, as Pulumi writes it back, is a number; a pin that looks like one is not", async () => {
  expect(
    parseStackConfig({ release: "1.0.0", port: "8080", drainSeconds: "0.5" }, "Pulumi.dev.yaml"),
  ).toEqual({
    release: "1.0.0",
    port: 8080,
    drainSeconds: 0.5,
  });
  expect((await caught(() => parseStackConfig({ release: "1" }, "Pulumi.dev.yaml"))).code).toBe(
    "VERSION_INVALID",
  );
});

test.each<[object, string]>([
  [{ relase: "1.1.0" }, "relase is not known: did you mean release?"],
  [{ rollout: { stpes: [100] } }, "rollout.stpes is not known: did you mean steps?"],
  [{ database: { Env: "URL" } }, "database must be {embedded: true}, or {env: NAME}"],
  [{ database: { embedded: true, env: "URL" } }, "database must be {embedded: true}, or {env: NAME}"],
  [{ env: { MAIL_KEY: { name: "X" } } }, "env.MAIL_KEY.env is missing"],
  [
    { env: { MAIL_KEY: { Env: "X" } } },
    "env.MAIL_KEY.env is missing; env.MAIL_KEY.Env is not known: did you mean env?",
  ],
  [{ database: "postgres://localhost/shop" }, "database must be {embedded: true}, or {env: NAME}"],
  [{ port: "http" }, 'port must be a number, is "http"'],
  [{ rollout: { soakSeconds: "5" } }, 'rollout.soakSeconds must be a number, is "5"'],
  [{ port: 0 }, "port"],
  [{ env: { LOG_LEVEL: 3 } }, "env.LOG_LEVEL must be a text in quotes, or {env: NAME}"],
  [{ env: { "LOG-LEVEL": "info" } }, "env.LOG-LEVEL must be the name of an environment variable"],
  [{ rollout: { steps: [50, 10, 100] } }, "rollout.steps must ascend"],
  [{ rollout: { steps: [10, 50] } }, "rollout.steps must end at 100"],
  [{ rollout: { steps: [] } }, "rollout.steps is empty"],
  [{ rollout: { maxErrorRate: 5 } }, "rollout.maxErrorRate"],
  [{ drainSeconds: -1 }, "drainSeconds must not be negative"],
  [{ allowDataLoss: "all" }, "allowDataLoss must be a list"],
  [{ onFailure: "ignore" }, "onFailure must be rollback, hold or flag-off"],
])("%o is refused with its path", async (config, text) => {
  expect(await why(config)).toContain(`CONFIG_INVALID ${text}`);
});

test.each<[object, string]>([
  [{ target: "docker" }, "target docker is reserved"],
  [{ hosts: ["a.example"] }, "hosts is reserved"],
  [{ approvals: { count: 2 } }, "approvals is reserved: approvals are not enforced yet"],
  [{ windows: [] }, "windows is reserved"],
])("%o is refused instead of being ignored", async (config, text) => {
  expect(await why(config)).toContain(`CONFIG_INVALID ${text}`);
});

test("a reserved name below the top level is only an unknown key", async () => {
  expect(await why({ rollout: { hosts: [] } })).toContain("rollout.hosts is not known");
});

test("every problem is told at once", async () => {
  expect(await why({ relase: "1", port: "x" })).toMatch(/port must be.*relase is not known/);
});

test.each([
  ["latest", "REFERENCE_MUTABLE"],
  ["main", "REFERENCE_MUTABLE"],
  ["v1.0.0", "VERSION_INVALID"],
  ["1.0", "VERSION_INVALID"],
])("the pin %s is refused as %s", async (release, code) => {
  expect(await why({ release })).toContain(code);
});

test("the JSON Schema of a stack file knows Slipway's keys and leaves others alone", () => {
  const { properties } = stackFileJsonSchema() as {
    properties: { config: { properties: object; propertyNames: unknown; required: string[] } };
  };
  expect(Object.keys(properties.config.properties)).toContain("slipway:rollout");
  expect(properties.config.required).toEqual(["slipway:release"]);
  expect(properties.config.propertyNames).toEqual({
    anyOf: [{ enum: Object.keys(properties.config.properties) }, { not: { pattern: "^slipway:" } }],
  });
});

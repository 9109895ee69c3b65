import { readFileSync } from "node:fs";
import { isSlipwayError } from "@slipway/kernel";
import fc from "fast-check";
import { describe, expect, expectTypeOf, test } from "vitest";
import type { z } from "zod";
import type { Check, Suite } from "../definition/suite.ts";
import type { FlowCheck } from "../definition/system-checks.ts";
import { checkSuite } from "./check-suite.ts";
import { suiteJsonSchema, suiteSchema } from "./suite-schema.ts";
import { type JsonSchema, validate } from "./validate.ts";

type Mutable<T> = T extends (...args: never[]) => unknown
  ? T
  : T extends readonly (infer Item)[]
    ? Mutable<Item>[]
    : T extends object
      ? { -readonly [K in keyof T]: Mutable<T[K]> }
      : T;

/** A suite that uses every kind of check and every key once. */
const whole = {
  $schema: "./schema.json",
  name: "shop",
  deadline: "30s",
  silence: 5_000,
  expected: {
    release: "1.2.0",
    digest: "sha256:a",
    attempt: 1,
    services: { api: { version: "1.2.0", build: "sha256:b", health: { live: "/" } } },
  },
  services: { api: { address: "http://127.0.0.1:1", public: "https://shop.test" } },
  env: { TOKEN: "secret", REGION: "plain" },
  defaults: { timeout: "2s", retry: false, stable: { times: 2, over: "1s" } },
  suites: { e2e: { tags: ["e2e"], deadline: "5m" } },
  checks: [
    {
      name: "a",
      tags: ["e2e"],
      optional: true,
      service: "api",
      path: "/",
      at: "both",
      expect: {
        status: [200, 204],
        health: { path: "$.s", words: ["up"] },
        json: { "$.a": { min: 1 } },
        schema: { type: "object" },
        headers: { a: "b" },
        text: "x",
        type: "text/plain",
        redirect: { startsWith: "/" },
        within: "1s",
      },
    },
    {
      kind: "http",
      url: "http://127.0.0.1",
      method: "POST",
      headers: { a: "b" },
      body: { a: 1 },
      mutating: true,
      capture: { id: "$.id" },
      cleanUp: { path: "/", method: "DELETE", status: [204] },
      retry: {
        on: ["network"],
        limit: 2,
        for: "5s",
        every: 100,
        backoff: "exponential",
        max: "2s",
        jitter: 0,
      },
    },
    { path: "/", samples: { times: 20, percentile: 95, within: "50ms" } },
    {
      kind: "version",
      sources: [
        {
          path: "/",
          version: { header: "x" },
          name: "$.n",
          build: { meta: "b" },
          commit: { pattern: "(x)" },
        },
      ],
      version: "1",
      build: "b",
      commit: "c",
    },
    { kind: "metrics", path: "/metrics", series: { up: 1 } },
    { kind: "function", path: "/f", key: "k", refusesWithoutKey: false, version: { json: "$.v" } },
    { kind: "site", build: "b", reading: { meta: "build" }, assets: false, missing: "/x" },
    { kind: "tls", host: "shop.test", certificateName: "shop.test", validFor: "14d", pins: ["x"] },
    { kind: "dns", host: "shop.test", type: "TXT", records: ["a"], server: "127.0.0.1" },
    { kind: "tcp", address: "127.0.0.1:1", send: "a", reply: "b" },
    { kind: "command", command: ["a"], folder: ".", exit: 1, stdout: "a", stderr: "b", json: { $: 1 } },
    { kind: "sql", database: "postgres://x", query: "select 1", rows: { "$[0]": 1 } },
  ],
} as const satisfies Suite;

test("the published JSON Schema is what the schema says: node smoke/scripts/write-schema.ts writes it", () => {
  const file = readFileSync(new URL("../../schema.json", import.meta.url), "utf8");
  expect(JSON.parse(file)).toEqual(suiteJsonSchema());
});

describe("a suite in TypeScript and one in a file", () => {
  type InFile = z.input<typeof suiteSchema>;

  test("have the same keys", () => {
    expectTypeOf<keyof InFile>().toEqualTypeOf<keyof Suite>();
    type KeysOf<T> = T extends unknown ? keyof T : never;
    expectTypeOf<KeysOf<InFile["checks"][number]>>().toEqualTypeOf<KeysOf<Exclude<Check, FlowCheck>>>();
  });

  test("have the same values: what is written for a file is a suite in TypeScript", () => {
    expectTypeOf<Mutable<Omit<InFile, "checks">>>().toExtend<Partial<Record<keyof Suite, unknown>>>();
    expect(suiteSchema.safeParse(whole).error).toBeUndefined();
    expect(checkSuite(whole, "suite")).toBe(whole);
  });
});

describe("the validator of the command and zod", () => {
  const schema = suiteJsonSchema() as JsonSchema;
  /** One check at a time, which is faster than all of them and says the same. */
  const parts = [{ ...whole, checks: [] }, ...whole.checks.map((check) => ({ checks: [check] }))];
  /** Nothing when both say the same of a suite, or what they say. */
  const disagreement = (suite: unknown) => {
    const problems = validate(suite, schema);
    return suiteSchema.safeParse(suite).success === (problems.length === 0) ? [] : [{ suite, problems }];
  };

  test("agree on every key left out, or given another value", () => {
    const strange = [undefined, "", 1.5, { x: 1 }];
    const suites = parts.flatMap((part) =>
      pathsOf(part).flatMap((path) => strange.map((value) => changed(part, path, value))),
    );
    expect(suites.flatMap(disagreement)).toEqual([]);
    expect(suites.length).toBeGreaterThan(500);
  });

  test("agree on any JSON in any place", () => {
    const property = fc.property(
      fc.constantFrom(...pathsOf(whole)),
      fc.jsonValue({ maxDepth: 2 }),
      (path, value) => {
        expect(disagreement(changed(whole, path, value))).toEqual([]);
      },
    );
    fc.assert(property, { numRuns: 200 });
  });
});

describe("a mistake in a suite", () => {
  test.each<[string, unknown, string]>([
    [
      "a misspelt key",
      { checks: [{ path: "/", expct: {} }] },
      "checks[0].expct is not known: did you mean expect",
    ],
    [
      "a misspelt kind",
      { checks: [{ kind: "tpc" }] },
      'checks[0].kind is "tpc", and must be one of http, version',
    ],
    [
      "a duration",
      { checks: [], deadline: "soon" },
      "deadline is not understood: Milliseconds, or a text such as",
    ],
    [
      "a wrong type",
      { checks: [{ path: "/", expect: { json: [] } }] },
      "checks[0].expect.json must be a mapping",
    ],
    ["no checks", {}, "checks is missing"],
    ["no suite", [], "the suite must be a mapping"],
    [
      "a key that is like no other",
      { checks: [{ kind: "tcp", address: "h:1", zzzzz: 1 }] },
      "checks[0].zzzzz is not known; there are kind, name, tags, optional, timeout, retry, stable, address, send, reply",
    ],
    [
      "a number as a text",
      { checks: [{ path: "/", expect: { status: "200" } }] },
      "checks[0].expect.status must be a whole number or a list",
    ],
  ])("%s is named", (_what, suite, message) => {
    try {
      checkSuite(suite, "smoke.yaml");
      expect.unreachable();
    } catch (error) {
      expect(isSlipwayError(error) && error.code).toBe("SMOKE_INVALID");
      expect((error as Error).message).toContain(message);
    }
  });

  test("does not hide behind the code that only TypeScript can write", () => {
    const flow = { kind: "flow", name: "order", run: async () => undefined, mutating: true };
    expect(checkSuite({ checks: [flow] }, "suite.ts")).toBeDefined();
    expect(() => checkSuite({ checks: [{ ...flow, mutate: true }] }, "suite.ts")).toThrow(
      "checks[0].mutate is not known",
    );
    expect(() => checkSuite({ checks: [{ kind: "flow" }] }, "suite.yaml")).toThrow('kind is "flow"');
  });
});

/** Every place in a value: the keys and indexes from the top. */
function pathsOf(value: unknown, at: readonly (string | number)[] = []): (readonly (string | number)[])[] {
  if (typeof value !== "object" || value === null) return [at];
  const keys = Array.isArray(value) ? [...value.keys()] : Object.keys(value);
  const inner = keys.flatMap((key) =>
    pathsOf((value as Record<string | number, unknown>)[key], [...at, key]),
  );
  return at.length === 0 ? inner : [at, ...inner];
}

/** A copy with another value in one place, or without it. */
function changed(value: unknown, [key, ...rest]: readonly (string | number)[], to: unknown): unknown {
  if (key === undefined) return to;
  if (Array.isArray(value)) {
    const items = value.map((item, at) => (at === key ? changed(item, rest, to) : item));
    return items.filter((item) => item !== undefined);
  }
  const { [key]: old, ...others } = value as Record<string | number, unknown>;
  const next = changed(old, rest, to);
  return next === undefined ? others : { ...others, [key]: next };
}

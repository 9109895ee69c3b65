import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { TestServer } from "../../testing/misbehaving-server.ts";
import { type CommandOutcome, runUnderDeno, runUnderNode } from "../../testing/run-command.ts";
import { shopBuild, shopServer } from "../../testing/shop-server.ts";
import type { SmokeLine } from "../reports/json-line.ts";

let shop: TestServer;
beforeAll(async () => {
  shop = await shopServer();
});
afterAll(() => shop.close());

const pin = (change: object = {}) =>
  JSON.stringify({
    environment: "staging",
    release: "1.1.0",
    digest: `sha256:${"b".repeat(64)}`,
    attempt: 7,
    services: { api: { version: "v1.1.0", build: shopBuild, address: shop.url } },
    checks: { checks: [{ service: "api", path: "/products", expect: { json: { "$.length": { min: 1 } } } }] },
    ...change,
  });

type Runner = (args: readonly string[], env?: Record<string, string>) => Promise<CommandOutcome>;
const runners: readonly (readonly [string, Runner])[] = [
  ["node", runUnderNode],
  ["deno", (args, env) => runUnderDeno(["--allow-net=127.0.0.1", "--allow-env"], args, env)],
];

describe.each(runners)("release under %s", (_runtime, run) => {
  const release = (expected: string, more: Record<string, string> = {}) =>
    run(["release", "--output", "json-line"], { SLIPWAY_SMOKE_EXPECTED: expected, ...more });

  test("prints one line for machines, a report for people, and exits 0 for a pass", async () => {
    const { code, stdout, stderr } = await release(pin());
    expect(code).toBe(0);
    expect(stdout.trimEnd().split("\n")).toHaveLength(1);
    const line = JSON.parse(stdout) as SmokeLine;
    expect(line).toMatchObject({
      slipway: "smoke",
      verdict: "pass",
      attempt: 7,
      release: "1.1.0",
      checks: 4,
      failed: 0,
    });
    expect(stderr).toContain("Release 1.1.0 passed 4 of 4 checks");
  });

  test("exits 1 when something else answers, and says in the last lines what and what next", async () => {
    const other = pin({ services: { api: { version: "1.2.0", build: shopBuild, address: shop.url } } });
    const { code, stdout, stderr } = await release(other);
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ verdict: "fail", failed: 1 });
    const [sentence, next] = stderr.trimEnd().split("\n").slice(-2);
    expect(sentence).toContain("api /meta version: expected 1.2.0, seen 1.1.0");
    expect(next).toMatch(/^Next: /);
  });

  test("exits 2 when nothing answers, at its deadline", async () => {
    const gone = pin({
      services: { api: { version: "1.1.0", build: shopBuild, address: "http://127.0.0.1:1" } },
    });
    const { code, stdout, stderr } = await release(gone, { SLIPWAY_SMOKE_DEADLINE_MS: "700" });
    expect(code).toBe(2);
    expect(stderr).toContain("the deadline");
    // Without it, it would be given up after 10 s of silence.
    expect((JSON.parse(stdout) as SmokeLine).ms).toBeLessThan(9_000);
  });

  test.each<[string, () => string, string]>([
    ["nothing", () => "", "it is not set"],
    ["no JSON", () => "{", "it is not JSON"],
    ["no services", () => pin({ services: {} }), "services is empty"],
    [
      "a service without a build",
      () => pin({ services: { api: { version: "1", address: "http://x" } } }),
      "services.api.build is not a text",
    ],
    ["a misspelt check", () => pin({ checks: { checks: [{ pth: "/" }] } }), "did you mean path"],
  ])("exits 64 when %s is expected, and asks nothing", async (_what, expected, message) => {
    const { code, stdout, stderr } = await release(expected());
    expect([code, stdout]).toEqual([64, ""]);
    expect(stderr).toContain(message);
  });
});

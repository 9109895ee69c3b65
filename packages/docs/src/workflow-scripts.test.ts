import type { Manifest } from "@slipway/release";
import { expect, test } from "vitest";
import { lastGood } from "../../../.github/scripts/last-good.ts";
import { publicExpectation } from "../../../.github/scripts/public-expectation.ts";

const passed = (...versions: string[]) => ({
  targets: versions.map((version) => ({ version, problem: null })),
});

test("after a release that passed, the last good one is the one before it", () => {
  expect(lastGood(passed("1.1.0", "1.0.0"), "1.1.0")).toBe("1.0.0");
});

test("after a release that failed, it is the one that serves, whoever went back to it", () => {
  expect(lastGood(passed("1.1.0", "1.0.0"), "1.2.0")).toBe("1.1.0");
});

test("going back twice never leads forward again", () => {
  expect(lastGood(passed("1.0.0", "1.1.0", "0.9.0"), "1.0.0")).toBe("0.9.0");
});

test("a release that cannot be reached is passed over, and nothing at all is an error", () => {
  const targets = [
    { version: "1.0.0", problem: "ROLLBACK_IRREVERSIBLE" },
    { version: "0.9.0", problem: null },
  ];
  expect(lastGood({ targets }, "1.1.0")).toBe("0.9.0");
  expect(() => lastGood({ targets: targets.slice(0, 1) }, "1.1.0")).toThrow(/no release older than 1\.1\.0/);
});

const health = { live: "/healthz", ready: "/readyz", meta: "/meta" };
const service = (path: string, at = health) => ({
  version: "1.0.0",
  build: `sha256:${"0".repeat(64)}`,
  path,
  health: at,
});
const manifest = (services: Record<string, ReturnType<typeof service>>) =>
  ({ version: "1.1.0", digest: `sha256:${"1".repeat(64)}`, smoke: null, services }) as unknown as Manifest;

test("from outside, a service is asked where its path leads to it", () => {
  const below = { live: "/api/healthz", ready: "/api/readyz", meta: "/api/meta" };
  const expected = publicExpectation(
    "dev",
    manifest({ web: service("/"), api: service("/api", below) }),
    "https://shop.example",
  );
  expect(expected).toMatchObject({ environment: "dev", release: "1.1.0" });
  expect(Object.keys(expected.services)).toEqual(["web", "api"]);
  expect(expected.services.api).toMatchObject({
    version: "1.0.0",
    health: below,
    address: "https://shop.example",
  });
});

test("a service whose health leads to another one is not asked from outside", () => {
  const expected = publicExpectation(
    "dev",
    manifest({ web: service("/"), api: service("/apiary") }),
    "https://shop.example",
  );
  expect(Object.keys(expected.services)).toEqual(["web"]);
});

test("a release of which nothing can be asked from outside is an error, not a pass", () => {
  expect(() => publicExpectation("dev", manifest({ api: service("/api") }), "https://shop.example")).toThrow(
    /no service/,
  );
});

import { expect, test } from "vitest";
import { manifestOf, settings, settledOn, untouched } from "../../testing/observed.ts";
import { environmentSuite } from "./environment-suite.ts";

const plain = manifestOf("1.0.0", ["1_things"]);
const checks = [{ name: "products are listed", service: "api", path: "/products" }];
const manifest = { ...plain, smoke: { checks, deadline: "10s" } };
const observation = settledOn(plain);
const suite = () => environmentSuite({ manifest, settings, observation });

test("instances are asked for the contract, the router for the same build, and then the release's own checks", () => {
  expect(suite().checks.map(({ name }) => name)).toEqual([
    "api is alive",
    "api is ready",
    "api is the pinned build",
    "api answers through the router",
    "products are listed",
  ]);
  expect(suite()).toMatchObject({ deadline: "10s" });
});

test("what must answer is what the manifest says, where the world has it", () => {
  const { version, build, health } = manifest.services.api ?? {};
  expect(suite().expected).toEqual({
    environment: "dev",
    release: "1.0.0",
    digest: manifest.digest,
    attempt: 1,
    services: {
      api: { version, build, health, address: "http://127.0.0.1:4711", public: "http://127.0.0.1:8080" },
    },
  });
});

test("a service below a path has no contract at the router, which passes paths on as they are", () => {
  const api = { ...manifest.services.api, path: "/api" } as (typeof manifest.services)[string];
  const below = { ...plain, services: { api } };
  const names = environmentSuite({ manifest: below, settings, observation: settledOn(below) }).checks.map(
    ({ name }) => name,
  );
  expect(names).not.toContain("api answers through the router");
});

test("a release of which something does not run is not asked", () => {
  expect(() =>
    environmentSuite({ manifest, settings, observation: { ...observation, instances: [] } }),
  ).toThrow(
    expect.objectContaining({
      code: "INVARIANT_BROKEN",
      why: expect.stringMatching(/^instance api-1.0.0-\w+ does not run$/),
    }),
  );
  expect(() =>
    environmentSuite({ manifest, settings, observation: { ...observation, traffic: untouched.traffic } }),
  ).toThrow(expect.objectContaining({ why: "the router does not run" }));
});

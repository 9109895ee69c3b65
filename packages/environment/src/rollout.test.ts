import type { Route, TrafficState } from "@slipway/targets";
import { expect, test } from "vitest";
import { judgeStep, routesAt } from "./rollout.ts";

const backend = (instance: string, weight: number) => ({ instance, address: `http://${instance}`, weight });
const route = (...backends: Route["backends"]): Route => ({ service: "api", path: "/", backends });
const before = [route(backend("old", 100))];
const after = [route(backend("new", 100))];

test("at ten percent the new instance gets ten and the old one ninety", () => {
  expect(routesAt(before, after, 10)[0]?.backends).toEqual([backend("old", 90), backend("new", 10)]);
});

test("two old instances share the rest as they did before", () => {
  const two = [route(backend("a", 75), backend("b", 25))];
  expect(routesAt(two, after, 50)[0]?.backends.map(({ weight }) => weight)).toEqual([37.5, 12.5, 50]);
});

test("at a hundred percent, or without anything old, the new instance gets it all", () => {
  expect(routesAt(before, after, 100)).toEqual(after);
  expect(routesAt([], after, 10)).toEqual(after);
});

test("an unchanged service keeps its one instance at any step", () => {
  expect(routesAt(after, after, 10)).toEqual(after);
});

const traffic = (requests: number, failures: number, running = true): TrafficState => ({
  running,
  address: null,
  routes: [],
  counters: {
    new: { inflight: 0, requests, failures, retried: 0 },
    old: { inflight: 0, requests: 1000, failures: 900, retried: 0 },
  },
});
const limits = { steps: [10, 100], soakSeconds: 1, maxErrorRate: 0.05, minSamples: 20 };

test("only what the new instance did during the step counts", () => {
  expect(judgeStep(traffic(100, 50), traffic(200, 50), after, limits).verdict).toBe("pass");
  expect(judgeStep(traffic(100, 50), traffic(200, 60), after, limits)).toEqual({
    verdict: "fail",
    why: "10 of 100 requests failed, more than 5 %",
  });
});

test("too few requests are no data, and a router that is gone is an error", () => {
  expect(judgeStep(traffic(0, 0), traffic(19, 0), after, limits).verdict).toBe("no-data");
  expect(judgeStep(traffic(0, 0), traffic(100, 0, false), after, limits).verdict).toBe("error");
});

import { expect, test } from "vitest";
import { requestCounters } from "./request-counters.ts";

test("an attempt is counted once, however often its end and its failure are noticed", () => {
  const counters = requestCounters();
  const attempt = counters.begin("a");
  expect(counters.snapshot()).toEqual({ a: { inflight: 1, requests: 1, failures: 0, retried: 0 } });
  for (let twice = 0; twice < 2; twice++) {
    attempt.fail();
    attempt.end();
  }
  expect(counters.snapshot()).toEqual({ a: { inflight: 0, requests: 1, failures: 1, retried: 0 } });
});

test("an instance that is not kept is forgotten when nothing is under way there", () => {
  const counters = requestCounters();
  const open = counters.begin("busy");
  counters.begin("idle").end();
  counters.begin("kept").end();
  counters.keep(new Set(["kept"]));
  expect(Object.keys(counters.snapshot())).toEqual(["busy", "kept"]);
  open.end();
  counters.keep(new Set(["kept"]));
  expect(Object.keys(counters.snapshot())).toEqual(["kept"]);
});

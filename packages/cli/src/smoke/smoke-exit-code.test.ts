import type { FailureClass, SmokeReport } from "@slipway/smoke";
import { expect, test } from "vitest";
import { smokeExitCode } from "./smoke-exit-code.ts";

function report(verdict: SmokeReport["verdict"], failure?: FailureClass): SmokeReport {
  const check = {
    name: "a check",
    kind: "http",
    tags: [],
    optional: false,
    verdict,
    message: "",
    ms: 1,
    totalMs: 1,
    attempts: 1,
    retried: false,
    findings: [],
    failures: [],
    ...(failure === undefined ? {} : { failure }),
  };
  return {
    slipway: "smoke",
    schema: 1,
    suite: "release",
    verdict,
    expected: {},
    startedAt: "",
    finishedAt: "",
    ms: 1,
    counts: { checks: 1, passed: 0, failed: 1, warned: 0, retried: 0 },
    checks: [check],
    sentence: "",
    next: "",
  };
}

test.each<[string, SmokeReport, number]>([
  ["a pass", report("pass"), 0],
  ["a wrong answer", report("fail", "assertion"), 1],
  ["no answer", report("fail", "network"), 1],
  ["nothing to conclude from", report("inconclusive", "inconclusive"), 1],
  ["no data", report("no-data", "no-data"), 1],
  ["a stop by hand", report("error", "interrupted"), 1],
  ["a suite that cannot be run", report("error", "configuration"), 64],
])("%s", (_what, seen, code) => {
  expect(smokeExitCode(seen)).toBe(code);
});

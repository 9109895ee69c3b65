import { expect, test } from "vitest";
import { smokeLines } from "./smoke-lines.ts";

test("of a pass only its sentence is left", () => {
  const lines = [
    "pass            10 ms  api is alive             200, body status ok",
    "Release 1.0.0 passed 1 of 1 checks. (16 ms)",
    "Next: Nothing to do.",
  ];
  expect(smokeLines(lines)).toEqual({
    failed: [],
    noted: [],
    sentence: "Release 1.0.0 passed 1 of 1 checks",
  });
});

test("of a failure the checks that failed are left, whatever their verdict", () => {
  const lines = [
    "pass            10 ms  api is alive    200",
    "fail            30 ms  products        status: expected 200, seen 500",
    "inconclusive     1 s   latency         3 samples of 20",
    "no-data          5 ms  errors          no series",
    "Release 1.2.0 did not pass (fail): products: status: expected 200, seen 500. (1.2 s)",
    "Next: Find out why.",
  ];
  expect(smokeLines(lines)).toEqual({
    failed: [
      "fail  30 ms  products  status: expected 200, seen 500",
      "inconclusive  1 s  latency  3 samples of 20",
      "no-data  5 ms  errors  no series",
    ],
    noted: [],
    sentence: "Release 1.2.0 did not pass (fail): products: status: expected 200, seen 500",
  });
});

test("a retry that ended in success stays visible, and so does an optional check that failed", () => {
  const lines = [
    "pass            10 ms  api is ready    200",
    "                       passed at attempt 3, after 510 ms; at first: 503",
    "warn             4 ms  docs            404",
    "Release 1.0.0 passed 1 of 2 checks. (520 ms)",
    "Next: Nothing to do.",
  ];
  expect(smokeLines(lines).noted).toEqual([
    "pass  10 ms  api is ready  200",
    "passed at attempt 3, after 510 ms; at first: 503",
    "warn  4 ms  docs  404",
  ]);
});

test("what is no report has no sentence", () => {
  expect(smokeLines(["node: not found"])).toEqual({ failed: [], noted: [], sentence: null });
});

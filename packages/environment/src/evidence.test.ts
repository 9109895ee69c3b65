import { expect, test } from "vitest";
import { testManifest } from "../testing/fixtures.ts";
import { smokeEvidence } from "./evidence.ts";

const manifest = testManifest("1.1.0");
const run = { attempt: 7, manifest };
const line = (overrides: object = {}) =>
  JSON.stringify({
    slipway: "smoke",
    verdict: "pass",
    attempt: 7,
    release: "1.1.0",
    digest: manifest.digest,
    checks: 9,
    failed: 0,
    retried: 0,
    ms: 120,
    ...overrides,
  });

test("a pass of this very attempt is accepted, whatever was printed before it", () => {
  expect(smokeEvidence(`warning: slow\n${line()}\n`, run)).toMatchObject({ verdict: "pass", checks: 9 });
});

test.each([
  ["nothing", ""],
  ["text", "all good"],
  ["JSON of something else", '{"verdict":"pass"}'],
  ["an earlier attempt's result", line({ attempt: 6 })],
  ["another release's result", line({ digest: `sha256:${"0".repeat(64)}` })],
])("%s is no evidence", (_name, output) => {
  expect(() => smokeEvidence(output, run)).toThrow(expect.objectContaining({ code: "EVIDENCE_MISSING" }));
});

test.each([{ verdict: "fail" }, { verdict: "inconclusive" }, { verdict: "no-data" }, { checks: 0 }])(
  "%o does not advance",
  (overrides) => {
    expect(() => smokeEvidence(line(overrides), run)).toThrow(
      expect.objectContaining({ code: "SMOKE_FAILED" }),
    );
  },
);

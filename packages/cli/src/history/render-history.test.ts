import type { RunView } from "@slipway/ledger";
import { expect, test } from "vitest";
import { renderHistory } from "./render-history.ts";

const now = Date.parse("2026-01-01T02:00:00Z");
const run = (overrides: Partial<RunView>): RunView => ({
  id: 1,
  attempt: 1,
  release: "1.1.0",
  digest: "sha256:0",
  fromRelease: "1.0.0",
  direction: "forward",
  actor: "maria",
  reason: null,
  openedAt: "2026-01-01T00:00:00Z",
  stage: "settled",
  outcome: "verified",
  endedAt: "2026-01-01T00:00:05Z",
  error: null,
  leaseToken: 1,
  ...overrides,
});

test("a run is one line: when, from where to where, how it ended, who, and why", () => {
  const runs = [
    run({ id: 3, outcome: null, stage: "smoke", reason: "the weekly one" }),
    run({ id: 2, outcome: "failed", error: "SMOKE_FAILED: It failed\n  | log", reason: "the weekly one" }),
    run({ id: 1, fromRelease: null, release: "1.0.0" }),
  ];
  expect(renderHistory("dev", runs, now).split("\n")).toEqual([
    "run  when         release         outcome          by     why",
    "---  -----------  --------------  ---------------  -----  -----------------------",
    "3    2 hours ago  1.0.0 -> 1.1.0  running (smoke)  maria  the weekly one",
    "2    2 hours ago  1.0.0 -> 1.1.0  failed           maria  SMOKE_FAILED: It failed",
    "1    2 hours ago  1.0.0           verified         maria",
  ]);
});

test("a killed run is shown as killed, and long words keep the table at 100 columns", () => {
  const text = renderHistory(
    "dev",
    [run({ outcome: "killed", actor: "a".repeat(60), error: "e".repeat(200) })],
    now,
  );
  expect(text).toContain("killed");
  expect(Math.max(...text.split("\n").map(({ length }) => length))).toBeLessThanOrEqual(100);
});

test("before the first run it says how there will be one", () => {
  expect(renderHistory("dev", [], now)).toBe("no runs in dev yet\n  first: slipway up --env dev");
});

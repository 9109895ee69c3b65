import { expect, test } from "vitest";
import { renderTargets } from "./render-targets.ts";
import type { RollbackTarget } from "./rollback-targets.ts";

const now = Date.parse("2026-01-03T00:00:00Z");
const target = (version: string, overrides: Partial<RollbackTarget> = {}): RollbackTarget => ({
  version,
  verifiedAt: "2026-01-01T00:00:00Z",
  current: false,
  undo: [],
  lossy: [],
  problem: null,
  ...overrides,
});

test("the list tells age, whether it can be reached, and what would be undone", () => {
  const targets = [
    target("1.2.0", { current: true }),
    target("1.1.0", { undo: ["20260103000001_index"] }),
    target("1.0.0", { undo: ["3_c", "2_b", "1_a"], lossy: ["2_b"] }),
    target("0.9.0", { problem: "RELEASE_UNKNOWN" }),
  ];
  expect(renderTargets("production", targets, now).split("\n")).toEqual([
    "release  passed      state                    migrations undone",
    "-------  ----------  -----------------------  --------------------",
    "1.2.0    2 days ago  wanted now               none",
    "1.1.0    2 days ago  verified                 20260103000001_index",
    "1.0.0    2 days ago  verified, may lose data  3: 3_c to 1_a",
    "0.9.0    2 days ago  RELEASE_UNKNOWN          none",
    "",
    "go back: slipway rollback <release> --env production",
  ]);
});

test("where nothing passed yet it says what comes first", () => {
  expect(renderTargets("dev", [], now)).toContain("no release passed in dev yet");
});

import { SlipwayError } from "@slipway/kernel";
import { expect, test } from "vitest";
import type { Facts } from "./facts.ts";
import { renderUp, type UpEnd, upView } from "./render-up.ts";
import type { UpOutcome } from "./up.ts";

const plain = { style: (_format: unknown, text: string) => text };
const facts: Facts = {
  served: "1.1.0",
  url: "http://127.0.0.1:8080",
  schemaHead: "2_note",
  auditHead: { seq: 42, hash: "ab".repeat(32) },
};
const error = new SlipwayError("SMOKE_FAILED", {
  what: "The release did not pass its smoke test",
  why: "products: seen 500",
});
const ended = (outcome: UpOutcome, before: string | null = "1.0.0"): UpEnd => ({
  environment: "dev",
  outcome,
  facts,
  before,
});
const heads = `  schema head  2_note\n  audit head   42:${"ab".repeat(32)}`;

test("a release that passed: served version and URL, both heads, and how to go back", () => {
  expect(renderUp(plain, ended({ kind: "done", release: "1.1.0", seconds: 3.14 }))).toBe(
    `done dev serves 1.1.0 at http://127.0.0.1:8080 after 3.1 s\n${heads}\n  go back      slipway rollback 1.0.0 --env dev`,
  );
});

test.each([
  ["the first release", null],
  ["a repaired one", "1.1.0"],
])("%s has nothing to go back to", (_what, before) => {
  expect(renderUp(plain, ended({ kind: "done", release: "1.1.0", seconds: 1 }, before))).not.toContain(
    "go back",
  );
});

test("nothing to do still tells where and what is served", () => {
  expect(renderUp(plain, ended({ kind: "nothing", release: "1.1.0" }))).toBe(
    `dev is at 1.1.0: nothing to do\n  served at    http://127.0.0.1:8080\n${heads}`,
  );
});

test("a release that was rolled back tells what serves again, why, and that the pin changed", () => {
  const text = renderUp(
    plain,
    ended({ kind: "rolled-back", release: "1.2.0", to: "1.1.0", error, seconds: 4 }),
  );
  expect(text).toContain(
    "rolled back dev serves 1.1.0 again at http://127.0.0.1:8080 after 4.0 s; 1.2.0 failed:\n",
  );
  expect(text).toContain("SMOKE_FAILED: The release did not pass its smoke test: products: seen 500\n");
  expect(text).toContain("commit the pin: stacks/Pulumi.dev.yaml has 1.1.0 again");
});

test("a failure says whether anything was changed, and where to go back to", () => {
  const outcome = { kind: "failed", release: "1.2.0", error, served: "1.1.0", flagsOff: null } as const;
  const changed = renderUp(plain, ended({ ...outcome, changed: true }));
  expect(changed).toContain("failed SMOKE_FAILED");
  expect(changed).toContain("  last passed  1.1.0\n");
  expect(changed).toContain("  look         slipway status --env dev\n  go back      slipway rollback 1.1.0");
  const unchanged = renderUp(plain, ended({ ...outcome, changed: false }));
  expect(unchanged).toContain("  changed      nothing");
  expect(unchanged).not.toContain("go back");
});

test("flags that were killed for a failed release are named, or that it brought none", () => {
  const outcome = { kind: "failed", release: "1.2.0", error, changed: true, served: "1.1.0" } as const;
  const lines = (flagsOff: string[]) => renderUp(plain, ended({ ...outcome, flagsOff })).split("\n");
  expect(lines(["fast-lists", "notes"])).toContain("  flags off    fast-lists, notes");
  expect(lines([])).toContain("  flags off    none: 1.2.0 brought no flag that was on");
});

test("before anything passed there is no release to name", () => {
  const nothing: Facts = { served: null, url: null, schemaHead: null, auditHead: null };
  const outcome = {
    kind: "failed",
    release: "1.0.0",
    error,
    changed: true,
    served: null,
    flagsOff: null,
  } as const;
  const text = renderUp(plain, { environment: "dev", outcome, facts: nothing, before: null });
  expect(text).toContain("  last passed  nothing yet\n  schema head  none\n  audit head   none");
  expect(text).not.toContain("go back");
});

test("machines get outcome, error and facts", () => {
  expect(upView(ended({ kind: "rolled-back", release: "1.2.0", to: "1.1.0", error, seconds: 4 }))).toEqual({
    environment: "dev",
    outcome: "rolled-back",
    release: "1.2.0",
    rolledBackTo: "1.1.0",
    seconds: 4,
    error: {
      code: "SMOKE_FAILED",
      what: "The release did not pass its smoke test",
      why: "products: seen 500",
      todo: "Read the failed checks above; traffic was not touched",
    },
    flagsOff: null,
    ...facts,
  });
});

import { expect, test } from "vitest";
import { readTap, tapProblem } from "./tap.ts";

const problem = (...lines: string[]) => tapProblem(readTap(lines));

test("a kept plan is a pass; what is skipped or still to do counts as run", () => {
  expect(problem("1..2", "ok 1 - a", "ok 2 - b")).toBe(null);
  expect(problem("ok 1 - a\nok 2 - b", "1..2")).toBe(null);
  expect(problem("1..3", "ok 1 - a", "ok 2 # SKIP not here", "not ok 3 - c # TODO later")).toBe(null);
});

test("no plan, a plan that is not kept, no test and a failed test are none", () => {
  expect(problem("ok 1 - a")).toContain("no plan");
  expect(problem("1..3", "ok 1", "ok 2")).toBe("it planned 3 tests and ran 2");
  expect(problem("1..1", "ok 1", "ok 2")).toBe("it planned 1 tests and ran 2");
  expect(problem("1..0")).toBe("it has no test that ran");
  expect(problem("1..1", "ok 1 # SKIP x")).toBe("it has no test that ran");
  expect(problem("1..2", "ok 1 - a", "not ok 2 - sees only its own", "# Failed test 2")).toBe(
    "failed: sees only its own",
  );
  expect(problem()).toContain("no plan");
});

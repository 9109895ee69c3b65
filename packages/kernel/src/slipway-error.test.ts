import { expect, test } from "vitest";
import { errorCodes } from "./error-codes.ts";
import { isSlipwayError, renderError, SlipwayError } from "./slipway-error.ts";

test("an error says what, why, what to do and where to read more", () => {
  const error = new SlipwayError("RELEASE_UNKNOWN", {
    what: 'Cannot read release "1.4.0"',
    why: "no such file",
    todo: "slipway cut 1.4.0",
  });
  expect(renderError(error)).toBe(
    'RELEASE_UNKNOWN: Cannot read release "1.4.0": no such file\n  do:   slipway cut 1.4.0\n  more: slipway explain RELEASE_UNKNOWN',
  );
});

test("without a next step of its own, the code's advice stands", () => {
  const error = new SlipwayError("LEASE_HELD", { what: "Cannot release" });
  expect(error.todo).toBe(errorCodes.LEASE_HELD.advice);
  expect(error.refusal).toBe(true);
});

test("an error is recognised by its name, from another copy of this package too", () => {
  const foreign = Object.assign(new Error("x"), { name: "SlipwayError", code: "INTERNAL" });
  expect(isSlipwayError(foreign)).toBe(true);
  expect(isSlipwayError(new Error("x"))).toBe(false);
  expect(isSlipwayError("SlipwayError")).toBe(false);
});

test("codes are upper-case words, and advice is one line without a full stop", () => {
  for (const [code, { meaning, advice }] of Object.entries(errorCodes)) {
    expect(code).toMatch(/^[A-Z]+(_[A-Z]+)*$/);
    for (const line of [meaning, advice]) expect(line).not.toMatch(/\n|\.$/);
  }
});

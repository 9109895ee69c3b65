import { expect, test } from "vitest";
import { pulumiError } from "./pulumi-error.ts";

test("the provider's own error is read back: code, message and next step", () => {
  const text = `slipway:index:Release resource 'release' has a problem: PORT_IN_USE: Cannot use port 8080: process 7 listens there\n  do:   End that process\n  more: slipway explain PORT_IN_USE`;
  const error = pulumiError(["update failed", text], "");
  expect(error).toMatchObject({
    code: "PORT_IN_USE",
    message: "Cannot use port 8080: process 7 listens there",
    todo: "End that process",
    refusal: true,
  });
});

test("a message over several lines is read whole", () => {
  const error = pulumiError(
    ["SCHEMA_APPLY_FAILED: Cannot apply: 2.sql:3:1\n    3 | select\n  do:   Correct it\n"],
    "",
  );
  expect(error.message).toBe("Cannot apply: 2.sql:3:1\n    3 | select");
});

test("a smoke test that did not pass is told in its own sentence", () => {
  const text = `exit status 1: running "smoke"\nfail 17 ms products\nRelease 1.2.0 did not pass (fail): products are listed: status: expected 200, seen 500. (21 ms)\nNext: look.`;
  const error = pulumiError([text], "");
  expect(error.code).toBe("SMOKE_FAILED");
  expect(error.why).toBe("products are listed: status: expected 200, seen 500");
});

test("a word in capitals that is no code is not taken for one", () => {
  expect(pulumiError(["NOTACODE: something\n  do:   nothing"], "").code).toBe("PULUMI_FAILED");
});

test("what Pulumi says itself is passed on, its last lines", () => {
  expect(pulumiError([], "a\nb\nerror: it broke")).toMatchObject({
    code: "PULUMI_FAILED",
    why: "a\nb\nerror: it broke",
  });
  expect(pulumiError([], "").why).toBe("it said nothing");
});

test("a wrong passphrase has a way out", () => {
  expect(pulumiError(["error: incorrect passphrase"], "").todo).toContain("PULUMI_CONFIG_PASSPHRASE");
});

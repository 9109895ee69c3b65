import { SlipwayError } from "@slipway/kernel";
import { expect, test } from "vitest";
import { finding, renderFindings } from "./finding.ts";

test("a check that answers is a pass, one with our error a fail with its next step", async () => {
  expect(await finding("releases", () => "4 manifests")).toEqual({
    id: "releases",
    status: "pass",
    detail: "4 manifests",
    suggestion: null,
  });
  const error = new SlipwayError("PORT_IN_USE", { what: "Cannot use port 80", todo: "Free it" });
  expect(await finding("target", () => Promise.reject(error))).toEqual({
    id: "target",
    status: "fail",
    detail: "PORT_IN_USE: Cannot use port 80",
    suggestion: "Free it",
  });
});

test("a bug in a check is not a finding", async () => {
  await expect(finding("x", () => Promise.reject(new TypeError("bug")))).rejects.toThrow(TypeError);
});

test("what to do stands below what is wrong, and never below a pass", () => {
  const text = renderFindings([
    { id: "node", status: "pass", detail: "24.21.0", suggestion: "unused" },
    { id: "releases", status: "warn", detail: "none is cut yet", suggestion: "slipway cut 1.0.0" },
  ]);
  expect(text).toBe(
    "pass  node               24.21.0\nwarn  releases           none is cut yet\n      do: slipway cut 1.0.0",
  );
});

import { expect, test } from "vitest";
import { fakeCli } from "../testing/fake-cli.ts";
import { verbs, verbsFor } from "./verbs.ts";

const all = Object.keys(verbs);

test.each([
  [["status", "--nope"], ["status"]],
  [["migrate", "prove"], ["migrate"]],
  [["--version"], ["version"]],
  [[], all],
  [["--help"], all],
  [["statsu"], all],
  [["toString"], all],
])("the command line %j needs %j", (inputs, needed) => {
  expect(verbsFor(inputs)).toEqual(needed);
});

test("a verb that was mistyped is guessed from all of them", async () => {
  const { code, stderr } = await fakeCli(["statsu"]);
  expect(stderr).toContain("Did you mean slipway status?");
  expect(code).toBe(64);
});

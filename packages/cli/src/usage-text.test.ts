import { expect, test } from "vitest";
import { fakeCli } from "../testing/fake-cli.ts";

test.each([
  [["upp"], 'there is no command "upp"', "Did you mean slipway up?"],
  [["bring-it-up"], 'there is no command "bring-it-up"', "slipway --help"],
  [["audit", "vrify"], 'there is no command "vrify"', "Did you mean slipway audit verify?"],
  [["up", "--nope"], "there is no flag --nope", "slipway up --help"],
  [["rollback", "--reson", "x"], "there is no flag --reson", "Did you mean --reason?"],
  [["up", "-x"], "there is no flag -x", "slipway up --help"],
  [["history", "--limit"], "--limit needs a value", "slipway history --help"],
  [
    ["history", "--limit", "0"],
    '--limit "0": it has to be a whole number from 1 to 1000',
    "slipway history --help",
  ],
  [["up", "--yes", "--yes"], "--yes is given twice", "slipway up --help"],
  [
    ["up", "--output", "yaml"],
    '--output has to be one of text, json, ndjson, and is "yaml"',
    "slipway up --help",
  ],
  [["pin"], "<env> is missing; <version> is missing", "slipway pin --help"],
  [["pin", "dev", "1.0.0", "now"], '"now" is one word too many', "slipway pin --help"],
])("slipway %j: %s", async (inputs, why, todo) => {
  expect(await fakeCli(inputs)).toEqual({
    code: 64,
    stdout: "",
    stderr: `error USAGE: Cannot understand the command line: ${why}\n  do:   ${todo}\n  more: slipway explain USAGE\n`,
  });
});

test("a misspelt flag never runs the command", async () => {
  const { code, stderr } = await fakeCli(["down", "--yess"], { cwd: "/nowhere" });
  expect(code).toBe(64);
  expect(stderr).not.toContain("PROJECT_NOT_FOUND");
});

test("with --output json the complaint is JSON too", async () => {
  const { stdout, code } = await fakeCli(["up", "--nope", "--output", "json"]);
  expect(JSON.parse(stdout)).toEqual({
    error: {
      code: "USAGE",
      what: "Cannot understand the command line",
      why: "there is no flag --nope",
      todo: "slipway up --help",
    },
    exitCode: 64,
  });
  expect(code).toBe(64);
});

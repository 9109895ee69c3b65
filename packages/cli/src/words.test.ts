import { expect, test } from "vitest";
import { commandOf, outputOf } from "./words.ts";

const verbs = new Map([
  ["up", []],
  ["audit", ["verify", "export"]],
]);

test.each([
  [["up", "--nope"], "up"],
  [["audit", "verify", "--nope"], "audit verify"],
  [["audit", "vrify"], "audit"],
  [["upp"], ""],
  [[], ""],
])("the verb of %j is %j", (inputs, command) => {
  expect(commandOf(inputs, verbs)).toBe(command);
});

test.each([
  [["up", "--output", "json", "--nope"], "json"],
  [["up", "--output=ndjson"], "ndjson"],
  [["up", "--output", "yaml"], "text"],
  [["up", "--output"], "text"],
  [["up"], "text"],
])("%j asks for %s", (inputs, output) => {
  expect(outputOf(inputs)).toBe(output);
});

import { expect, test } from "vitest";
import { diffInputs } from "./diff-inputs.ts";
import { ASSET, SIGNATURE, secret } from "./property-value.ts";

const asset = (hash: string, text?: string) => ({ [SIGNATURE]: ASSET, hash, ...(text && { text }) });

test("equal inputs differ in nothing, whatever the order of their members", () => {
  const inputs = { create: "a", environment: { B: "1", A: secret("s") }, triggers: [1, { x: null }] };
  const same = { triggers: [1, { x: null }], environment: { A: secret("s"), B: "1" }, create: "a" };
  expect(diffInputs(inputs, same)).toEqual([]);
});

test("each difference is named by its path and by its input", () => {
  const before = { create: "a", environment: { PORT: "1", "a.b": "1" }, triggers: [1, 2], update: "u" };
  const after = { create: "b", environment: { PORT: "2", "a.b": "2", NEW: "3" }, triggers: [1], stdin: "in" };
  expect(diffInputs(before, after)).toEqual([
    { path: "create", input: "create", kind: "update" },
    { path: "environment.NEW", input: "environment", kind: "add" },
    { path: "environment.PORT", input: "environment", kind: "update" },
    { path: 'environment["a.b"]', input: "environment", kind: "update" },
    { path: "stdin", input: "stdin", kind: "add" },
    { path: "triggers[1]", input: "triggers", kind: "delete" },
    { path: "update", input: "update", kind: "delete" },
  ]);
});

test("a value that became secret is a change, and so is a changed secret", () => {
  expect(diffInputs({ stdin: "a" }, { stdin: secret("a") })).toHaveLength(1);
  expect(diffInputs({ stdin: secret("a") }, { stdin: secret("b") })).toHaveLength(1);
  expect(diffInputs({ stdin: secret({ a: 1 }) }, { stdin: secret({ a: 1 }) })).toEqual([]);
});

test("assets are the same when their hashes are, with or without their content", () => {
  expect(diffInputs({ source: asset("1") }, { source: asset("1", "content") })).toEqual([]);
  expect(diffInputs({ source: asset("1") }, { source: asset("2") })).toHaveLength(1);
  expect(diffInputs({ source: asset("1") }, { source: "text" })).toHaveLength(1);
});

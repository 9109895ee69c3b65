import { expect, test } from "vitest";
import { diffInputs } from "../wire/diff-inputs.ts";
import { readStruct, writeDiff, writeStruct } from "./messages.ts";

test("properties survive the way through a message, without empty members", () => {
  const properties = { a: "1", b: [true, 2, null], c: { d: null, e: "f" } };
  expect(readStruct(writeStruct(properties))).toEqual({ a: "1", b: [true, 2, null], c: { e: "f" } });
  expect(readStruct(undefined)).toEqual({});
});

test("a changed trigger replaces the resource, everything else updates it", () => {
  const before = { create: "a", triggers: [1] };
  const { changes, diffsList, replacesList, detaileddiffMap } = writeDiff(
    diffInputs(before, { create: "b", triggers: [2], stdin: "x" }),
  ).toObject();
  expect({ changes, diffsList, replacesList }).toEqual({
    changes: 2,
    diffsList: ["create", "stdin", "triggers"],
    replacesList: ["triggers"],
  });
  expect(detaileddiffMap.map(([path, { kind }]) => [path, kind])).toEqual([
    ["create", 4],
    ["stdin", 0],
    ["triggers[0]", 5],
  ]);
  expect(writeDiff(diffInputs(before, before)).toObject().changes).toBe(1);
});

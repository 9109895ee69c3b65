import { expect, test } from "vitest";
import { readJsonPath } from "./json-path.ts";

const document = {
  status: "ok",
  "a-b": 1,
  "x y": 2,
  items: [{ id: 7 }, { id: 8 }],
  empty: [],
  nothing: null,
};

test.each([
  ["$", document],
  ["$.status", "ok"],
  ["$.a-b", 1],
  ["$['x y']", 2],
  ['$["x y"]', 2],
  ["$.items[0].id", 7],
  ["$.items[-1].id", 8],
  ["$.items[*].id", [7, 8]],
  ["$.items.length", 2],
  ["$.status.length", 2],
  ["$.empty[*]", []],
  ["$.nothing", null],
])("%s is found", (path, value) => {
  expect(readJsonPath(document, path)).toEqual({ found: true, value });
});

test.each(["$.missing", "$.items[2]", "$.status.deep", "$.nothing.deep", "$.constructor", "$.items.map"])(
  "%s is not found",
  (path) => expect(readJsonPath(document, path)).toEqual({ found: false }),
);

test.each(["status", "$..id", "$.items[?(@.id)]", "$.a b", "$.items[", "$."])(
  "%s is not understood",
  (path) => {
    expect(() => readJsonPath(document, path)).toThrow(SyntaxError);
  },
);

import { expect, test } from "vitest";
import { compileGlob, selectPaths } from "./glob.ts";

test.each([
  ["*.js", ["a.js"], ["a/b.js", "a.jsx", "a_js"]],
  ["**.js", ["a.js", "a/b/c.js"], ["a.ts"]],
  ["src/**/x", ["src/a/b/x"], ["src/x"]],
  ["?.txt", ["a.txt"], ["ab.txt", "/.txt"]],
  ["[a-c].txt", ["b.txt"], ["d.txt", "-.txt"]],
  ["[!a-c].txt", ["d.txt"], ["a.txt"]],
  ["{one,two*}.txt", ["one.txt", "two2.txt"], ["three.txt"]],
  ["a\\*(b)+.txt", ["a*(b)+.txt"], ["ax(b)+.txt"]],
])("%s", (glob, matches, others) => {
  for (const path of matches) expect(compileGlob(glob).test(path), path).toBe(true);
  for (const path of others) expect(compileGlob(glob).test(path), path).toBe(false);
});

test("an unclosed bracket or brace is refused", () => {
  expect(() => compileGlob("[ab")).toThrow('"[" is not closed');
  expect(() => compileGlob("{a,b")).toThrow('"{" is not closed');
});

test("the last pattern that matches a path decides over it", () => {
  const paths = ["assets/logos/logo.svg", "src/index.js", "src/secret.js", "src/deep/secret.js", "README.md"];
  expect(selectPaths(paths, ["assets/**", "src/**.js", "!**secret.*"])).toEqual([
    "assets/logos/logo.svg",
    "src/index.js",
  ]);
  expect(selectPaths(paths, ["!**secret.*", "src/secret.js"])).toEqual(["src/secret.js"]);
  expect(selectPaths(paths, [])).toEqual([]);
});

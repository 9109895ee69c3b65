import { expect, test } from "vitest";
import { renameSources } from "./rename-sources.ts";

const compiled = ["packages/a/serve.ts", "packages/a/src/main.ts"];
const rename = (path: string, text: string) =>
  renameSources(path, text, {
    isCompiled: (source) => compiled.includes(source),
    exists: (source) => [...compiled, "packages/a/src/left-out.ts"].includes(source),
  });

test("a launcher starts what its source was compiled to", () => {
  expect(rename("packages/a/bin/a.cjs", 'import("../src/main.ts");')).toBe('import("../src/main.js");');
  expect(rename("packages/a/plugin", 'exec node "$here/serve.ts" "$@"')).toBe(
    'exec node "$here/serve.js" "$@"',
  );
});

test("a name in any quotes is found, from the folder of the text", () => {
  const text = "new URL('./main.ts', import.meta.url); import.meta.resolve(`../serve.ts`)";
  expect(rename("packages/a/src/b.js", text)).toBe(
    "new URL('./main.js', import.meta.url); import.meta.resolve(`../serve.js`)",
  );
});

test("what only looks like a source stays", () => {
  const text = 'write("./index.ts"); "main.ts"; "./src/main.ts x"; ./src/main.ts';
  expect(rename("packages/a/README.md", text)).toBe(text);
});

test("a source that would be missing is refused", () => {
  expect(() => rename("packages/a/src/main.js", 'start("./left-out.ts")')).toThrow(
    "packages/a/src/main.js names packages/a/src/left-out.ts, which is not published",
  );
});

import { expect, test } from "vitest";
import { scanFlags } from "./scan-flags.ts";

const scan = (keys: readonly string[], text: string, path = "src/a.ts") => scanFlags(keys, [{ path, text }]);

test("a declared flag is referenced where its key stands in quotes, whole", () => {
  const text = `flags.isOn("one"); const key = 'two'; render(\`three\`);`;
  expect(scan(["one", "two", "three", "four"], text).unreferenced).toEqual(["four"]);
  expect(scan(["one"], "// one day: isOn(one), 'one-more'").unreferenced).toEqual(["one"]);
  expect(scan(["one"], "flag: 'one'", "config/app.toml").unreferenced).toEqual([]);
});

test("a call of the client with a key that is not declared is found, with its line", () => {
  const text = `const a = 1;\nif (this.flags.isOn(\n  "old-checkout", user)) {}\nflagClient?.value('colour');`;
  expect(scan(["new-checkout"], text).undeclared).toEqual([
    { key: "old-checkout", file: "src/a.ts", line: 2 },
    { key: "colour", file: "src/a.ts", line: 4 },
  ]);
});

test("what may be anything else is no call: other objects, other methods, files that are no script", () => {
  for (const text of [`map.value("x")`, `flags.add("x")`, `flags.isOn(key)`, `countryFlag("x")`])
    expect(scan([], text).undeclared, text).toEqual([]);
  expect(scan([], `flags.isOn("x")`, "notes.txt").undeclared).toEqual([]);
});

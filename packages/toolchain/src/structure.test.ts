import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { readPackages, readSourceFiles, type SourceFile } from "../testing/source-tree.ts";
import {
  barrels,
  looseVersions,
  nodeImports,
  undeclared,
  wrongDirections,
  wrongPaths,
} from "../testing/structure-rules.ts";

const root = fileURLToPath(new URL("../../..", import.meta.url));

describe("the repository", () => {
  const files = readSourceFiles(root);
  const packages = readPackages(root);

  test("its sources are found", () => {
    expect(files.length).toBeGreaterThan(200);
    expect(files.find(({ path }) => path === "packages/toolchain/src/main.ts")?.imports).toContain(
      "@slipway/kernel",
    );
  });

  test("imports between packages point one way", () => expect(wrongDirections(files)).toEqual([]));

  test("what runs anywhere imports nothing from node:", () => expect(nodeImports(files)).toEqual([]));

  test("relative imports stay in their package and name the file", () =>
    expect(wrongPaths(files)).toEqual([]));

  test("only entry points pass on exports, by name", () => expect(barrels(files, packages)).toEqual([]));

  test("every imported package is declared", () => expect(undeclared(files, packages)).toEqual([]));

  test("every dependency has one exact version", () => expect(looseVersions(packages)).toEqual([]));
});

describe("the rules", () => {
  const none = {
    exports: {},
    dependencies: {},
    devDependencies: {},
    optionalDependencies: {},
    peerDependencies: {},
  };
  const file = (path: string, ...imports: string[]): SourceFile => ({
    path,
    folder: path.startsWith("packages/") ? path.split("/").slice(0, 2).join("/") : (path.split("/")[0] ?? ""),
    imports,
    text: imports.map((name) => `import "${name}";`).join("\n"),
  });

  test("refuse an import against the direction, and the command line even in a test", () => {
    expect(wrongDirections([file("packages/kernel/src/a.ts", "@slipway/ledger")])).toEqual([
      "packages/kernel/src/a.ts imports @slipway/ledger",
    ]);
    expect(wrongDirections([file("packages/ledger/src/a.test.ts", "@slipway/cli")])).toHaveLength(1);
    expect(wrongDirections([file("packages/ledger/src/a.test.ts", "@slipway/toolchain/testing")])).toEqual(
      [],
    );
  });

  test("refuse a package that they do not know", () => {
    expect(wrongDirections([file("packages/extra/src/a.ts")])).toEqual([
      "packages/extra has no line in allowedImports",
    ]);
  });

  test("refuse node: where it is reached through other files", () => {
    const reached = file("smoke/src/host.ts", "node:fs");
    expect(
      nodeImports([file("smoke/index.ts", "./src/a.ts"), file("smoke/src/a.ts", "./host.ts"), reached]),
    ).toEqual(["smoke/src/host.ts imports node:fs"]);
    expect(nodeImports([file("smoke/node.ts", "./src/host.ts"), reached])).toEqual([]);
    expect(nodeImports([file("packages/kernel/src/a.ts", "node:fs")])).toHaveLength(1);
  });

  test("refuse a relative import without suffix, into another package, or absolute", () => {
    const other = file("packages/b/src/c.ts");
    expect(
      wrongPaths([file("packages/a/src/a.ts", "./b", "../../b/src/c.ts", "/b.ts", "./c.ts"), other]),
    ).toEqual([
      "packages/a/src/a.ts imports ./b",
      "packages/a/src/a.ts imports ../../b/src/c.ts",
      "packages/a/src/a.ts imports /b.ts",
    ]);
  });

  test("refuse a file that only passes exports on", () => {
    const text = '// Why\nexport { a } from "./a.ts";\nexport type { B } from "./b.ts";\n';
    const entry = [{ ...none, folder: "packages/a", name: "a", exports: { ".": "./src/index.ts" } }];
    expect(barrels([{ ...file("packages/a/src/all.ts"), text }], entry)).toHaveLength(1);
    expect(barrels([{ ...file("packages/a/src/index.ts"), text }], entry)).toEqual([]);
    const all = 'export * from "./a.ts";';
    expect(barrels([{ ...file("packages/a/src/index.ts"), text: all }], entry)).toHaveLength(1);
  });

  test("refuse an import that only a test may have", () => {
    const packages = [
      { ...none, folder: "", name: "root", devDependencies: { vitest: "1.0.0" } },
      { ...none, folder: "packages/a", name: "@slipway/a", dependencies: { "@scope/b": "1.0.0" } },
    ];
    expect(undeclared([file("packages/a/src/a.test.ts", "vitest", "@scope/b/file.js")], packages)).toEqual(
      [],
    );
    expect(undeclared([file("packages/a/src/a.ts", "vitest", "@slipway/a")], packages)).toEqual([
      "packages/a/src/a.ts imports vitest, which packages/a/package.json does not declare",
    ]);
    expect(
      looseVersions([
        { ...none, folder: "", name: "", dependencies: { a: "^1.0.0", b: "1.0.0" } },
        { ...none, folder: "packages/a", name: "a", dependencies: { b: "1.0.1", c: "1.0.0-beta.1" } },
      ]),
    ).toEqual(['./package.json: a is "^1.0.0"', "packages/a/package.json: b is 1.0.1, elsewhere 1.0.0"]);
  });
});

import { expect, test } from "vitest";
import { publishedManifest } from "./package-manifest.ts";

const manifest = {
  name: "@slipway/a",
  version: "0.1.0",
  private: true,
  type: "module",
  bin: { a: "./bin/a.cjs" },
  exports: { ".": "./src/index.ts", "./launcher": "./launcher", "./testing": "./testing/index.ts" },
  files: ["bin"],
  scripts: { schema: "node write.ts" },
  dependencies: { "@slipway/b": "0.1.0" },
  devDependencies: { vitest: "5.1.0" },
};

test("exports name compiled files with their types, and what belongs to the repository is left out", () => {
  expect(publishedManifest(manifest, ["./testing"])).toEqual({
    name: "@slipway/a",
    version: "0.1.0",
    type: "module",
    bin: { a: "./bin/a.cjs" },
    exports: {
      ".": { types: "./src/index.d.ts", default: "./src/index.js" },
      "./launcher": "./launcher",
    },
    dependencies: { "@slipway/b": "0.1.0" },
  });
});

test("a package without exports gets none", () => {
  const { exports: _, ...without } = manifest;
  expect(publishedManifest(without)).not.toHaveProperty("exports");
});

test.each(["^1.0.0", "1.x", "latest", "*"])("a dependency on %s is refused", (version) => {
  expect(() => publishedManifest({ ...manifest, dependencies: { b: version } })).toThrow(
    `@slipway/a depends on b "${version}", which is no exact version`,
  );
});

import { readdirSync, readFileSync } from "node:fs";
import { relative } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";

const root = fileURLToPath(new URL("..", import.meta.url));

/** What a source file imports, lazily too, types left out: they are gone when it runs. */
function importsOf(file: string): string[] {
  const source = readFileSync(file, "utf8").replace(/(?:im|ex)port type [^;]*;/g, "");
  const matches = source.matchAll(/(?:from|import\(|^import)\s*"([^"]+)"/gm);
  return [...matches].map((match) => match[1]!);
}

/** Everything that an entry point may load, as paths from the package's folder and names of packages. */
function reachedFrom(entry: string): { readonly files: string[]; readonly packages: string[] } {
  const files = new Set<string>();
  const packages = new Set<string>();
  const visit = (file: string) => {
    if (files.has(file)) return;
    files.add(file);
    if (!file.endsWith(".ts")) return;
    for (const name of importsOf(file)) {
      if (name.startsWith(".")) visit(fileURLToPath(new URL(name, `file://${file}`)));
      else packages.add(name);
    }
  };
  visit(`${root}${entry}`);
  return { files: [...files].map((file) => relative(root, file)), packages: [...packages].sort() };
}

describe("what runs anywhere needs nothing of Node", () => {
  test.each([
    ["index.ts", ["@slipway/kernel", "ky", "zod"]],
    ["edge.ts", ["@slipway/kernel", "ky", "zod"]],
    ["contract.ts", []],
  ])("%s", (entry, packages) => {
    expect(reachedFrom(entry).packages).toEqual(packages);
  });
});

test("only adapters, the Node entry point and the stamp's reader import from node:", () => {
  const sources = readdirSync(`${root}src`, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts") && !file.endsWith(".test.ts"))
    .filter((file) => importsOf(`${root}src/${file}`).some((name) => name.startsWith("node:")));
  const allowed = /^(?:adapters\/(?:node|pg)-|entry\/node-host|contract\/read-stamp)/;
  expect(sources.filter((file) => !allowed.test(file))).toEqual([]);
});

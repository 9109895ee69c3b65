import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { caught } from "../../testing/caught.ts";
import { scratchFolder } from "../../testing/scratch-folder.ts";
import {
  cutVersions,
  migrationFiles,
  type ScratchRepository,
  scratchRepository,
  storedFiles,
} from "../../testing/scratch-repository.ts";
import { cutRelease } from "./cut-release.ts";

const discounts = migrationFiles(
  "20260201000000_discounts",
  "alter table products add column discount int not null default 0;",
  "alter table products drop column discount;",
);

test.each<[string, (repository: ScratchRepository) => void, string]>([
  ["an edited file", (r) => r.write({ "src/api/server.mjs": "// edited\n" }), "src/api/server.mjs"],
  ["an untracked file", (r) => r.write({ "src/api/new file.mjs": "" }), "src/api/new file.mjs"],
  ["a deleted file", (r) => r.remove("src/api/server.mjs"), "src/api/server.mjs"],
  [
    "a staged file",
    (r) => {
      r.write({ "src/api/other.mjs": "" });
      r.git("add", "-A");
    },
    "src/api/other.mjs",
  ],
])("%s is refused by name", async (_title, change, file) => {
  const repository = scratchRepository();
  change(repository);
  const error = await caught(() => cutRelease("1.0.0", { root: repository.root }));
  expect(error.code).toBe("TREE_DIRTY");
  expect(error.why).toBe(`not as committed: ${file}`);
  expect(cutVersions(repository)).toEqual([]);
});

test("a folder without a commit is refused", async () => {
  const { root } = scratchRepository();
  const bare = scratchFolder();
  mkdirSync(join(bare, "stacks"));
  writeFileSync(join(bare, "stacks/product.yaml"), readFileSync(join(root, "stacks/product.yaml")));
  mkdirSync(join(bare, "migrations"));
  const error = await caught(() => cutRelease("1.0.0", { root: bare }));
  expect([error.code, error.todo]).toEqual([
    "TREE_DIRTY",
    "Cut in a git repository with at least one commit",
  ]);
});

test("a failing build leaves neither manifest nor artifact, and its last words are in the error", async () => {
  const repository = scratchRepository({ "src/storefront/build.json": '{"fail": true}' });
  const error = await caught(() => cutRelease("1.0.0", { root: repository.root }));
  expect(error.code).toBe("BUILD_FAILED");
  expect(error.what).toBe('Cannot build service "storefront"');
  expect(error.why).toMatch(/ended with code 3:\n(?:.*\n)?cannot find module \.\/missing\.ts$/);
  expect(cutVersions(repository)).toEqual([]);
  expect(storedFiles(repository)).toEqual([]);
});

test("a build that changes the tree is refused: the commit would not hold what was built", async () => {
  const repository = scratchRepository({ "src/api/build.json": '{"write": "src/storefront/server.mjs"}' });
  const error = await caught(() => cutRelease("1.0.0", { root: repository.root }));
  expect([error.code, error.why]).toEqual(["TREE_DIRTY", "not as committed: src/storefront/server.mjs"]);
  expect(cutVersions(repository)).toEqual([]);
});

test("a commit made while the build ran is refused", async () => {
  const repository = scratchRepository();
  const onProgress = (line: string) => {
    if (line === "storefront: building") repository.commit();
  };
  const error = await caught(() => cutRelease("1.0.0", { root: repository.root, onProgress }));
  expect(error.why).toMatch(/^not as committed: HEAD, now [0-9a-f]{40}$/);
  expect(cutVersions(repository)).toEqual([]);
});

test("an edited migration of a release is refused, a new one is taken up to the head", async () => {
  const repository = scratchRepository(discounts);
  const head = "20260101000000_products";
  const first = await cutRelease("1.0.0", { root: repository.root, head });
  expect(first.migrations.map(({ id }) => id)).toEqual([head]);
  const second = await cutRelease("1.1.0", { root: repository.root });
  expect(second.migrations.map(({ id }) => id)).toEqual([head, "20260201000000_discounts"]);
  repository.write({ "migrations/rollbacks/20260101000000_products.sql": "drop table products cascade;\n" });
  repository.commit();
  const error = await caught(() => cutRelease("1.2.0", { root: repository.root }));
  expect(error.code).toBe("SCHEMA_CHECKSUM_CHANGED");
  expect(cutVersions(repository)).toEqual(["1.0.0", "1.1.0"]);
});

test("nothing is built before a proof and the smoke checks are found good", async () => {
  const repository = scratchRepository({ "stacks/smoke.yaml": "- path: /products\n" });
  const file = "stacks/product.yaml";
  repository.write({ [file]: `${readFileSync(join(repository.root, file), "utf8")}smoke: smoke.yaml\n` });
  repository.commit();
  const lines: string[] = [];
  const seen: unknown[] = [];
  const options = { root: repository.root, onProgress: (line: string) => lines.push(line) };
  const refuse = () => {
    throw new Error("not proved");
  };
  await expect(cutRelease("1.0.0", { ...options, prove: refuse })).rejects.toThrow("not proved");
  await expect(cutRelease("1.0.0", { ...options, checkSmoke: refuse })).rejects.toThrow("not proved");
  expect(lines).toEqual([]);
  const manifest = await cutRelease("1.0.0", {
    ...options,
    prove: async (migrations) => void seen.push(migrations.map(({ id }) => id)),
    checkSmoke: (smoke) => void seen.push(smoke),
  });
  expect(seen).toEqual([{ checks: [{ path: "/products" }] }, ["20260101000000_products"]]);
  expect(manifest.smoke).toEqual({ checks: [{ path: "/products" }] });
});

test.each([
  ["..", "not a folder below"],
  [".", "not a folder below"],
  [".git", "not a folder below"],
  ["src/api", "src/api/server.mjs is in git"],
  ["out/shop", "not a folder below"],
])("the output folder %s is not emptied", async (output, why) => {
  const repository = scratchRepository();
  const file = "stacks/product.yaml";
  const text = readFileSync(join(repository.root, file), "utf8");
  symlinkSync(scratchFolder(), join(repository.root, "out"));
  repository.write({ [file]: text.replace("  api:\n", `  api:\n    output: ${output}\n`) });
  repository.commit();
  const error = await caught(() => cutRelease("1.0.0", { root: repository.root }));
  expect(error.code).toBe("PRODUCT_INVALID");
  expect(error.why).toContain(why);
  expect(existsSync(join(repository.root, "src/api/server.mjs"))).toBe(true);
});

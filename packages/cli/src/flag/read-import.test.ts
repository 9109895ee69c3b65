import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { productSchema } from "@slipway/release";
import { afterAll, expect, test } from "vitest";
import { parse } from "yaml";
import { fakeCli } from "../../testing/fake-cli.ts";

const folder = mkdtempSync(join(tmpdir(), "slipway-import-"));
afterAll(() => rmSync(folder, { recursive: true }));

const file = (name: string, content: unknown): string => {
  writeFileSync(join(folder, name), typeof content === "string" ? content : JSON.stringify(content));
  return join(folder, name);
};
const run = (path: string, expires = "2026-12-31") =>
  fakeCli(["flag", "import", path, "--owner", "web", "--expires", expires]);

const features = {
  version: 2,
  features: [
    {
      name: "new-checkout",
      description: "One page",
      enabled: true,
      strategies: [
        {
          name: "flexibleRollout",
          parameters: { rollout: "25", stickiness: "default", groupId: "checkout" },
        },
      ],
    },
    { name: "dark-mode", enabled: false, strategies: [{ name: "default" }] },
  ],
};

test("an export of Unleash becomes flags of a product file, which are valid, with their salts", async () => {
  const { code, stdout } = await run(file("ok.json", features));
  expect(code).toBe(0);
  const { flags } = parse(stdout);
  expect(flags).toEqual([
    { key: "new-checkout", description: "One page", owner: "web", expires: "2026-12-31", salt: "checkout" },
    { key: "dark-mode", description: "dark-mode", owner: "web", expires: "2026-12-31" },
  ]);
  const services = { api: { build: ["a"], command: ["a"] } };
  expect(productSchema.safeParse({ services, flags }).success).toBe(true);
});

test.each([
  ["no such file", () => join(folder, "none.json"), "there is no such file"],
  ["no JSON", () => file("text.json", "flags"), "it is not JSON"],
  ["no export", () => file("other.json", { features: 3 }), "features must be"],
])("%s is refused as usage", async (_title, path, why) => {
  const { code, stdout, stderr } = await run(path());
  expect([code, stdout]).toEqual([64, ""]);
  expect(stderr).toContain(why);
});

test("a wrong date and a key that no product file can have are told by name", async () => {
  expect((await run(file("date.json", features), "soon")).stderr).toContain(
    'Cannot import flag "new-checkout": expires must be a date',
  );
  const odd = { features: [{ name: "a:b", enabled: true, strategies: [] }] };
  expect((await run(file("odd.json", odd))).stderr).toContain('Cannot import flag "a:b": key must be');
});

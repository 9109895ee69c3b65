import { expect, test } from "vitest";
import { caught } from "../../testing/caught.ts";
import { testManifest } from "../../testing/test-manifest.ts";
import { parseManifest } from "../manifest/manifest.ts";
import { type FlagDeclaration, flagDeclarationSchema } from "./flag-schema.ts";
import { releaseFlags } from "./release-flags.ts";

const declared = (key: string, more: Partial<FlagDeclaration> = {}): FlagDeclaration =>
  flagDeclarationSchema.parse({
    key,
    description: "what it does",
    owner: "web",
    expires: "2026-12-31",
    ...more,
  });

test("a flag carries the release that brought it, whatever release it is in, and the list is by key", () => {
  const first = releaseFlags("1.0.0", [declared("b"), declared("a", { expires: "never" })], null);
  expect(first).toEqual([
    {
      key: "a",
      description: "what it does",
      owner: "web",
      release: "1.0.0",
      safe: false,
      expires: null,
      salt: "a",
    },
    expect.objectContaining({ key: "b", release: "1.0.0", expires: "2026-12-31" }),
  ]);
  const before = testManifest("1.0.0", { flags: first });
  const second = releaseFlags("1.1.0", [declared("a", { safe: true }), declared("c")], before);
  expect(second.map(({ key, release, safe }) => [key, release, safe])).toEqual([
    ["a", "1.0.0", true],
    ["c", "1.1.0", false],
  ]);
});

test("a salt that changes is refused, since everybody would be drawn anew; a renamed flag keeps it", async () => {
  const before = testManifest("1.0.0", { flags: releaseFlags("1.0.0", [declared("a")], null) });
  const error = await caught(() => releaseFlags("1.1.0", [declared("a", { salt: "z" })], before));
  expect([error.code, error.todo]).toEqual([
    "PRODUCT_INVALID",
    "Write salt: a, or declare a flag with another key",
  ]);
  expect(releaseFlags("1.1.0", [declared("b", { salt: "a" })], before)[0]).toMatchObject({ salt: "a" });
});

test("a manifest with an unknown key in a flag, a flag twice, or a flag of a later release is refused", async () => {
  const [flag] = releaseFlags("1.0.0", [declared("a")], null);
  if (flag === undefined) throw new Error("one flag was declared");
  const why = async (flags: unknown) =>
    (await caught(() => parseManifest(testManifest("1.0.0", { flags: flags as never }), "m"))).why;
  expect(await why([{ ...flag, enabled: true }])).toContain("flags[0].enabled is not known");
  expect(await why([flag, flag])).toContain("flags[1].key a is declared twice");
  expect(await why([{ ...flag, release: "2.0.0" }])).toContain("flags[0].release is newer than the release");
  expect(parseManifest(testManifest("1.0.0", { flags: [flag] }), "m").flags).toEqual([flag]);
});

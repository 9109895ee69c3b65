import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { caught } from "../../testing/caught.ts";
import { scratchFolder } from "../../testing/scratch-folder.ts";
import { testManifest, testMigrationRef, testService } from "../../testing/test-manifest.ts";
import { listManifests, manifestDigest, parseManifest, readManifest, writeManifest } from "./manifest.ts";
import { type Manifest, manifestJsonSchema } from "./manifest-schema.ts";

type Ref = Manifest["migrations"][number];

/** A manifest with anything changed, and the digest made to fit: what a careful forger would write. */
function forged(change: (manifest: Record<string, never>) => void): unknown {
  const manifest = structuredClone(testManifest("1.0.0"));
  change(manifest as unknown as Record<string, never>);
  return { ...manifest, digest: manifestDigest(manifest) };
}

test("what is written is what is read, and all are listed oldest version first", () => {
  const folder = scratchFolder();
  const manifests = ["1.10.0", "1.9.0", "1.10.0-rc.1"].map((version) => testManifest(version));
  for (const manifest of manifests) writeManifest(folder, manifest);
  expect(readManifest(folder, "1.9.0")).toEqual(manifests[1]);
  expect(listManifests(folder).map(({ version }) => version)).toEqual(["1.9.0", "1.10.0-rc.1", "1.10.0"]);
});

test("the digest does not depend on the order of the keys", () => {
  const manifest = testManifest("1.0.0");
  const { digest: _digest, ...reversed } = Object.fromEntries(Object.entries(manifest).reverse()) as Manifest;
  expect(manifestDigest(reversed as Omit<Manifest, "digest">)).toBe(manifest.digest);
});

test("an existing version is never written again, and nothing is left beside it", async () => {
  const folder = scratchFolder();
  const file = writeManifest(folder, testManifest("1.0.0"));
  const before = readFileSync(file, "utf8");
  const again = testManifest("1.0.0", { config: { CURRENCY: "EUR" } });
  expect((await caught(() => writeManifest(folder, again))).code).toBe("RELEASE_EXISTS");
  expect(readFileSync(file, "utf8")).toBe(before);
  expect(readdirSync(folder)).toEqual(["1.0.0.json"]);
});

test("a release that is not there is refused with those that are", async () => {
  const folder = scratchFolder();
  writeManifest(folder, testManifest("1.0.0"));
  const error = await caught(() => readManifest(folder, "1.1.0"));
  expect([error.code, error.why]).toEqual(["RELEASE_UNKNOWN", "these are cut: 1.0.0"]);
  expect((await caught(() => readManifest(join(folder, "none"), "1.1.0"))).why).toBe("no release is cut yet");
});

test.each([
  ["latest", "REFERENCE_MUTABLE"],
  ["v1.0.0", "VERSION_INVALID"],
  ["../1.0.0", "REFERENCE_MUTABLE"],
])("the version %s is refused before a file is looked for", async (version, code) => {
  expect((await caught(() => readManifest(scratchFolder(), version))).code).toBe(code);
});

test("an edited manifest is refused", async () => {
  const manifest = { ...testManifest("1.0.0"), config: { CURRENCY: "EUR" } };
  expect((await caught(() => parseManifest(manifest, "1.0.0.json"))).code).toBe("MANIFEST_EDITED");
});

test("a manifest under another version's name is refused", async () => {
  const folder = scratchFolder();
  writeFileSync(join(folder, "1.1.0.json"), JSON.stringify(testManifest("1.0.0")));
  expect((await caught(() => readManifest(folder, "1.1.0"))).code).toBe("MANIFEST_EDITED");
});

test("an order that is not that of the versions has to say why, for each migration that is late", async () => {
  const withMigrations = (...migrations: Manifest["migrations"]) =>
    parseManifest(
      testManifest("1.0.0", { migrations, heads: { min: "2_b", max: migrations.at(-1)!.id } }),
      "1.0.0.json",
    );
  const [a, b, c] = ["1_a", "2_b", "3_c"].map(testMigrationRef) as [Ref, Ref, Ref];
  const late = { ...b, late: { after: "3_c", reason: "merged later" } };
  expect(withMigrations(a, c, late).migrations).toHaveLength(3);
  const silent = await caught(() => withMigrations(a, c, b));
  expect([silent.code, silent.why]).toEqual([
    "MANIFEST_INVALID",
    expect.stringContaining("comes after 3_c and does not say why"),
  ]);
  const early = await caught(() => withMigrations(a, late, c));
  expect(early.why).toContain("must be one of the migrations before it");
});

test("half a file is not a manifest", async () => {
  const folder = scratchFolder();
  const file = writeManifest(folder, testManifest("1.0.0"));
  writeFileSync(file, readFileSync(file, "utf8").slice(0, 200));
  expect((await caught(() => readManifest(folder, "1.0.0"))).code).toBe("MANIFEST_INVALID");
});

test("what a killed cut left beside the manifests is not listed", () => {
  const folder = scratchFolder({ ".1.1.0.4711.partial": "{", "notes.json": "{}" });
  writeManifest(folder, testManifest("1.0.0"));
  expect(listManifests(folder)).toHaveLength(1);
  expect(existsSync(join(folder, ".1.1.0.4711.partial"))).toBe(true);
});

test.each<[string, (manifest: Record<string, never>) => void, string]>([
  [
    "an unknown key",
    (m) => Object.assign(m, { servces: {} }),
    "servces is not known: did you mean services?",
  ],
  [
    "an unknown key of a service",
    (m) => Object.assign((m as unknown as Manifest).services.api!, { comand: [] }),
    "services.api.comand is not known: did you mean command?",
  ],
  ["a missing key", (m) => delete m.heads, "heads is missing"],
  ["a newer format", (m) => Object.assign(m, { schema: 2 }), "schema must be 1"],
  ["no service", (m) => Object.assign(m, { services: {} }), "services is empty"],
  ["flags, which nothing reads yet", (m) => Object.assign(m, { flags: ["new-checkout"] }), "flags[0]"],
  ["a smoke suite without checks", (m) => Object.assign(m, { smoke: { checks: [] } }), "smoke.checks"],
  [
    "a service newer than the release",
    (m) => Object.assign(m, { services: { api: testService("1.1.0") } }),
    "services.api.version is newer than the release: 1.1.0",
  ],
  [
    "a head that is not the last migration",
    (m) => Object.assign(m, { migrations: [testMigrationRef("1_a")], heads: { min: "1_a", max: null } }),
    "heads.max must be the last migration",
  ],
  [
    "a migration twice",
    (m) =>
      Object.assign(m, {
        migrations: [testMigrationRef("1_a"), testMigrationRef("1_a")],
        heads: { min: "1_a", max: "1_a" },
      }),
    "migrations names a migration twice",
  ],
  [
    "a damaged digest",
    (m) => Object.assign((m as unknown as Manifest).services.api!, { build: "sha256:00" }),
    "services.api.build must be sha256:",
  ],
])("%s is refused with its path", async (_title, change, why) => {
  const error = await caught(() => parseManifest(forged(change), "1.0.0.json"));
  expect(error.code).toBe("MANIFEST_INVALID");
  expect(error.why).toContain(why);
});

test.each<[string, (manifest: Manifest) => void]>([
  ["a tag instead of a digest", (m) => Object.assign(m.services.api!, { artifact: "shop:latest" })],
  ["a version instead of a digest", (m) => Object.assign(m.services.api!, { build: "1.4.0" })],
  ["a branch instead of a commit", (m) => Object.assign(m, { commit: "main" })],
  ["a short commit", (m) => Object.assign(m, { commit: "0f1e2d3" })],
])("%s is refused as mutable", async (_title, change) => {
  const value = forged((manifest) => change(manifest as unknown as Manifest));
  expect((await caught(() => parseManifest(value, "1.0.0.json"))).code).toBe("REFERENCE_MUTABLE");
});

test("the JSON Schema names every key and allows no other", () => {
  const schema = manifestJsonSchema() as {
    properties: object;
    required: string[];
    additionalProperties: boolean;
  };
  expect(schema.additionalProperties).toBe(false);
  expect(schema.required.sort()).toEqual(Object.keys(testManifest("1.0.0")).sort());
});

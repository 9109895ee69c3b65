import { expect, test } from "vitest";
import { caught } from "../../testing/caught.ts";
import { facts, migrations, released } from "../../testing/cut-facts.ts";
import { testManifest } from "../../testing/test-manifest.ts";
import { type CutFacts, planCut } from "./plan-cut.ts";

const refusal = (changes: Partial<CutFacts>) => caught(() => planCut(facts(changes)));

test("the first release has every migration and no previous one", () => {
  const plan = planCut(facts({ migrations: migrations("1_a", "2_b") }));
  expect(plan.previous).toBe(null);
  expect(plan.migrations.map(({ id }) => id)).toEqual(["1_a", "2_b"]);
  expect(plan).toMatchObject({ commit: "a".repeat(40), createdAt: "2026-01-12T09:00:00.000Z" });
});

test.each([
  ["latest", "REFERENCE_MUTABLE"],
  ["main", "REFERENCE_MUTABLE"],
  ["v1.1.0", "VERSION_INVALID"],
  ["1.1", "VERSION_INVALID"],
])("the version %s is refused as %s", async (version, code) => {
  expect((await refusal({ version })).code).toBe(code);
});

test("an existing version is refused before anything else is looked at", async () => {
  const dirty = { ...facts().git, changes: ["a"] };
  expect((await refusal({ releases: [testManifest("1.1.0")], git: dirty })).code).toBe("RELEASE_EXISTS");
});

test("a version older than the newest release is refused unless it is meant", async () => {
  const releases = ["1.0.0", "2.0.0"].map((version) => released(version, "1_a"));
  const error = await refusal({ releases });
  expect([error.code, error.why]).toEqual(["VERSION_INVALID", "it is older than 2.0.0, the newest release"]);
  const plan = planCut(facts({ releases, allowOlder: true, migrations: migrations("1_a") }));
  expect(plan.previous?.version).toBe("1.0.0");
});

test("a changed tree is refused with the first ten files", async () => {
  const changes = Array.from({ length: 12 }, (_, index) => `file-${index}.ts`);
  const error = await refusal({ git: { ...facts().git, changes } });
  expect(error.code).toBe("TREE_DIRTY");
  expect(error.why).toMatch(/^not as committed: file-0\.ts, .*file-9\.ts and 2 more$/);
});

test("the head leaves newer migrations out", async () => {
  const onDisk = migrations("1_a", "2_b", "3_c");
  expect(planCut(facts({ migrations: onDisk, head: "2_b" })).heads).toEqual({ min: "2_b", max: "2_b" });
  const error = await refusal({ migrations: onDisk, head: "2_x" });
  expect([error.code, error.todo]).toEqual(["MIGRATION_INVALID", "Name one of 1_a, 2_b, 3_c"]);
});

test.each([
  ["an edited rollback", ["1_a=other", "2_b"], "rollback SQL"],
  ["a changed phase", ["c:1_a", "2_b"], "phase"],
  ["a migration that is gone", ["2_b"], "is not part of it"],
])("%s of a released migration is refused", async (_title, names, why) => {
  const releases = [released("1.0.0", "1_a")];
  const error = await refusal({ releases, migrations: migrations(...names) });
  expect(error.code).toBe("SCHEMA_CHECKSUM_CHANGED");
  expect(error.why).toContain(`"1_a" of release 1.0.0`);
  expect(error.why).toContain(why);
});

test("a head before the previous release's is refused", async () => {
  const releases = [released("1.0.0", "1_a", "2_b")];
  const error = await refusal({ releases, migrations: migrations("1_a", "2_b"), head: "1_a" });
  expect(error.why).toBe('migration "2_b" of release 1.0.0 is not part of it up to 1_a');
});

test("a new migration between released ones is refused", async () => {
  const releases = [released("1.0.0", "1_a", "3_c")];
  const error = await refusal({ releases, migrations: migrations("1_a", "2_b", "3_c") });
  expect([error.code, error.why]).toEqual([
    "SCHEMA_OUT_OF_ORDER",
    'migration "2_b" is new and older than "3_c", which is released',
  ]);
});

test("an expand migration after a contract one is refused within one release and allowed over two", async () => {
  const onDisk = migrations("1_a", "c:2_b", "3_c");
  const error = await refusal({ migrations: onDisk });
  expect(error.code).toBe("MIGRATION_INVALID");
  expect(error.why).toBe('expand migration "3_c" comes after contract migration "2_b" in the same release');
  const releases = [released("1.0.0", "1_a", "c:2_b")];
  expect(planCut(facts({ releases, migrations: onDisk })).heads).toEqual({ min: "3_c", max: "3_c" });
});

test("services run before the release's contract migrations and after them", () => {
  const plan = planCut(facts({ migrations: migrations("1_a", "2_b", "c:3_c", "c:4_d") }));
  expect(plan.heads).toEqual({ min: "2_b", max: "4_d" });
  expect(planCut(facts({ migrations: migrations("c:1_a") })).heads).toEqual({ min: null, max: "1_a" });
  expect(planCut(facts()).heads).toEqual({ min: null, max: null });
});

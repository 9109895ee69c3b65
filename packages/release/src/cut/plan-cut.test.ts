import type { Migration } from "@slipway/migrations";
import { describe, expect, test } from "vitest";
import { caught } from "../../testing/caught.ts";
import { facts, migrations, released } from "../../testing/cut-facts.ts";
import { testManifest } from "../../testing/test-manifest.ts";
import type { Manifest } from "../manifest/manifest.ts";
import { assembleManifest } from "./assemble-manifest.ts";
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
  const releases = [released("1.0.0", "20260101_a", "20260103_c")];
  const error = await refusal({ releases, migrations: migrations("20260101_a", "20260102_b", "20260103_c") });
  expect([error.code, error.why, error.todo]).toEqual([
    "SCHEMA_OUT_OF_ORDER",
    'migration "20260102_b" is new and older than "20260103_c", which is released',
    "Give it a newer number, or write at the top of 20260102_b.sql: -- slipway: late after 20260103_c because <why>",
  ]);
});

describe("a late migration", () => {
  const late = (id: string, after: string) =>
    migrations(id).map((migration) => ({ ...migration, late: { after, reason: "merged later" } }));
  const [first, third] = ["20260101_a", "20260103_c"];
  const before = released("1.1.0", first, third);
  const cut = (version: string, releases: Manifest[], onDisk: readonly Migration[]) =>
    assembleManifest(
      planCut(facts({ version, releases, migrations: onDisk })),
      testManifest(version).services,
    );

  test("comes behind what is released, and the manifest keeps why, in this release and all after it", () => {
    const onDisk = [...migrations(first, third), ...late("20260102_b", third)];
    const manifest = cut("1.2.0", [before], onDisk);
    expect(manifest.migrations.map(({ id }) => id)).toEqual([first, third, "20260102_b"]);
    expect(manifest.migrations[2]?.late).toEqual({ after: third, reason: "merged later" });
    expect(manifest.heads).toEqual({ min: "20260102_b", max: "20260102_b" });
    const next = cut("1.3.0", [before, manifest], [...onDisk, ...migrations("20260104_d")]);
    expect(next.migrations.slice(0, 3)).toEqual(manifest.migrations);
  });

  test("that names an older one than the newest that is released is refused with the name of that one", async () => {
    const onDisk = [...migrations(first), ...late("20251231_z", first), ...migrations(third)];
    const error = await refusal({ version: "1.2.0", releases: [before], migrations: onDisk });
    expect([error.code, error.why]).toEqual([
      "SCHEMA_OUT_OF_ORDER",
      `migration "20251231_z" is new and late after "${first}", and "${third}" is released`,
    ]);
    expect(error.todo).toContain(`-- slipway: late after ${third} because`);
  });

  test("does not make room for one that does not say so", async () => {
    const onDisk = [...migrations(first), ...migrations("20260102_x"), ...migrations(third)];
    const released2 = cut("1.2.0", [before], [...migrations(first, third), ...late("20260102_b", third)]);
    const error = await refusal({
      version: "1.3.0",
      releases: [before, released2],
      migrations: [...onDisk, ...late("20260102_b", third)],
    });
    expect(error.why).toContain('"20260102_x" is new and older than "20260102_b", which is released');
  });
});

test("a number that is missing in a sequence is refused, or allowed with a reason that the manifest keeps", async () => {
  const onDisk = migrations("1_a", "2_b", "5_c");
  const error = await refusal({ migrations: onDisk });
  expect([error.code, error.why]).toEqual([
    "MIGRATION_INVALID",
    'versions 3 to 4 are missing between "2_b" and "5_c"',
  ]);
  expect(error.todo).toContain("write at the top of 5_c.sql: -- slipway: gap <why they are missing>");
  const allowed = onDisk.map((one) =>
    one.id === "5_c" ? { ...one, gap: "3 and 4 were never merged" } : one,
  );
  const manifest = assembleManifest(planCut(facts({ migrations: allowed })), testManifest("1.1.0").services);
  expect(manifest.migrations.map(({ gap }) => gap)).toEqual([
    undefined,
    undefined,
    "3 and 4 were never merged",
  ]);
  // What is released is not judged again, and times have gaps by nature.
  planCut(facts({ version: "1.2.0", releases: [manifest], migrations: onDisk }));
  planCut(facts({ migrations: migrations("20260101_a", "20260103_b") }));
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

import { expect, test } from "vitest";
import { caught } from "../../testing/caught.ts";
import { facts, migrations, released } from "../../testing/cut-facts.ts";
import { testManifest } from "../../testing/test-manifest.ts";
import { parseManifest } from "../manifest/manifest.ts";
import { assembleManifest } from "./assemble-manifest.ts";
import { planCut } from "./plan-cut.ts";

const squashed = (id: string, ...names: string[]) => ({
  ...migrations(id)[0]!,
  replaces: migrations(...names).map(({ id: single, upSha256, downSha256 }) => ({
    id: single,
    upSha256,
    downSha256,
  })),
});

test("a squashed migration carries the released ones, and the manifest says so", () => {
  const releases = [released("1.0.0", "1_a", "c:2_b")];
  const onDisk = [squashed("2_s", "1_a", "2_b"), ...migrations("3_c")];
  const plan = planCut(facts({ releases, migrations: onDisk }));
  const manifest = assembleManifest(plan, testManifest("1.1.0").services);
  expect(manifest.migrations.map(({ id, replaces }) => [id, replaces?.map((one) => one.id)])).toEqual([
    ["2_s", ["1_a", "2_b"]],
    ["3_c", undefined],
  ]);
  expect(manifest.heads).toEqual({ min: "3_c", max: "3_c" });
  expect(parseManifest(JSON.parse(JSON.stringify(manifest)), "test")).toEqual(manifest);
  const again = [squashed("3_t", "1_a", "2_b", "3_c")];
  expect(planCut(facts({ version: "1.2.0", releases: [manifest], migrations: again })).migrations).toEqual(
    again,
  );
});

test.each([
  [
    "edited since",
    [squashed("2_s", "1_a", "2_b=other")],
    "SCHEMA_CHECKSUM_CHANGED",
    "its checksum is another one",
  ],
  [
    "left out",
    [squashed("2_s", "1_a")],
    "SCHEMA_CHECKSUM_CHANGED",
    '"2_b" of release 1.0.0 is not part of it',
  ],
  ["not released", [squashed("3_s", "1_a", "2_b", "3_c")], "SCHEMA_SQUASHED", '"3_s" replaces "3_c"'],
])("a squashed migration with one %s is not cut", async (_title, onDisk, code, why) => {
  const releases = [released("1.0.0", "1_a", "2_b")];
  const error = await caught(() => planCut(facts({ releases, migrations: onDisk })));
  expect(error.code).toBe(code);
  expect(error.why).toContain(why);
});

test("a manifest in which another than the first migration replaces some, or one is named twice, is refused", async () => {
  const manifest = released("1.0.0", "1_a", "2_b");
  const replaces = [{ id: "0_z", up: manifest.migrations[0]!.up, down: null }];
  const refusal = async (changed: typeof manifest.migrations) =>
    (await caught(() => parseManifest({ ...manifest, migrations: changed }, "test"))).why;
  const [first, second] = manifest.migrations;
  expect(await refusal([first!, { ...second!, replaces }])).toContain("only the first migration");
  expect(await refusal([{ ...first!, replaces: [{ ...replaces[0]!, id: "2_b" }] }, second!])).toContain(
    "twice",
  );
  expect(await refusal([{ ...first!, replaces, phase: "contract" }, second!])).toContain("must be expand");
});

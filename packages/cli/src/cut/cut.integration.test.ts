import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { scratchPostgres } from "@slipway/toolchain/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type ScratchProject, scratchProject } from "../../testing/scratch-project.ts";

let project: ScratchProject;

beforeAll(async () => {
  const good = {
    id: "20260101000001_things",
    up: "create table things (id int primary key);\n",
    down: "drop table things;\n",
  };
  const lying = {
    id: "20260102000001_colour",
    up: "alter table things add column colour text;\ncreate index things_colour on things (id) where colour is not null;\ncreate view coloured as select id from things;\n",
    down: "drop index things_colour;\nalter table things drop column colour;\n",
  };
  project = await scratchProject([good, lying], []);
});
afterAll(() => project.remove());

test("a release whose rollbacks lead back is cut, and the throwaway server is gone", async () => {
  const { code, stderr } = await project.slipway(["cut", "1.0.0", "--head", "20260101000001_things"]);
  expect(code, stderr).toBe(0);
  expect(stderr).toContain("proving 1 rollback on an embedded Postgres");
  const left = (folder: string) => readdirSync(folder).filter((name) => name.startsWith("slipway-proof-"));
  expect(left(join(project.root, ".slipway"))).toEqual([]);
});

test("a rollback that leaves something behind stops the cut, and what it leaves is named", async () => {
  project.commit();
  const { code, stderr } = await project.slipway(["cut", "1.1.0"]);
  expect(stderr).toContain("ROLLBACK_NOT_PROVED");
  expect(stderr).toContain("20260102000001_colour");
  expect(stderr).toContain("coloured");
  expect(code).toBe(2);
  expect(existsSync(join(project.root, "stacks/releases/1.1.0.json"))).toBe(false);
});

const manifest = (version: string): { migrations: Record<string, unknown>[] } =>
  JSON.parse(readFileSync(join(project.root, `stacks/releases/${version}.json`), "utf8"));

test("--no-prove cuts it nevertheless, for a reason that the manifest keeps", async () => {
  const without = await project.slipway(["cut", "1.1.0", "--no-prove"]);
  expect(without.code, without.stderr).toBe(64);
  const { code, stderr } = await project.slipway(["cut", "1.1.0", "--no-prove", "--reason", "a rehearsal"]);
  expect(code, stderr).toBe(0);
  expect(manifest("1.1.0").migrations.map(({ unproved }) => unproved)).toEqual([
    undefined,
    { reason: "a rehearsal", until: null },
  ]);
});

test("what an older release has is not judged again, and without new migrations nothing is proved", async () => {
  project.commit();
  const again = await project.slipway(["cut", "1.2.0"]);
  expect(again.code, again.stderr).toBe(0);
  expect(again.stderr).not.toContain("proving");
  project.write("migrations/20260103000001_size.sql", "alter table things add column size int;\n");
  project.write("migrations/rollbacks/20260103000001_size.sql", "alter table things drop column size;\n");
  project.commit();
  const { code, stderr } = await project.slipway(["cut", "1.3.0"]);
  expect(code, stderr).toBe(0);
  expect(stderr).toContain("proving 1 rollback on an embedded Postgres");
  expect(stderr).not.toContain("20260102000001_colour");
  expect(manifest("1.3.0").migrations.map(({ unproved }) => unproved)).toEqual([
    undefined,
    { reason: "a rehearsal", until: null },
    undefined,
  ]);
});

test("a waiver in the rollback file lets it in until its day, and the manifest keeps it", async () => {
  const lie = (until: string) => {
    project.write(
      "migrations/rollbacks/20260104000001_weight.sql",
      `-- slipway: allow unproved until ${until} because nobody weighs yet\nselect 1;\n`,
    );
    project.commit();
  };
  project.write("migrations/20260104000001_weight.sql", "alter table things add column weight int;\n");
  lie("2026-01-01");
  const late = await project.slipway(["cut", "1.3.1"]);
  expect(late.code, late.stderr).toBe(2);
  expect(late.stderr).toContain("its waiver counted until 2026-01-01");
  lie("2999-12-31");
  const { code, stderr } = await project.slipway(["cut", "1.3.1"]);
  expect(code, stderr).toBe(0);
  expect(stderr).toContain(
    "20260104000001_weight is not proved, allowed until 2999-12-31: nobody weighs yet",
  );
  expect(manifest("1.3.1").migrations.at(-1)?.unproved).toEqual({
    reason: "nobody weighs yet",
    until: "2999-12-31",
  });
});

test("an extension that the throwaway server lacks is told, with where to prove; a database that is named is used", async () => {
  const postgres = await scratchPostgres();
  try {
    project.write("migrations/20260105000001_place.sql", "create extension nowhere_to_be_had;\n");
    project.write("migrations/rollbacks/20260105000001_place.sql", "drop extension nowhere_to_be_had;\n");
    project.commit();
    const lacking = await project.slipway(["cut", "1.3.2"]);
    expect(lacking.code).toBe(2);
    expect(lacking.stderr).toContain(
      '20260105000001_place.sql:1:1: extension "nowhere_to_be_had" is not available',
    );
    expect(lacking.stderr).toContain("Prove it where that extension is installed: add --database <url>");
    project.write("migrations/20260105000001_place.sql", "create extension citext;\n");
    project.write("migrations/rollbacks/20260105000001_place.sql", "drop extension citext;\n");
    project.commit();
    const url = await postgres.createDatabase("staging");
    const { code, stderr } = await project.slipway(["cut", "1.3.2", "--database", url]);
    expect(stderr).toMatch(/proving \d rollbacks? on a copy of database staging/);
    expect(code, stderr).toBe(0);
  } finally {
    postgres.remove();
  }
});

test("a smoke suite that could not be run is refused when the release is cut, with the key", async () => {
  project.write(
    "stacks/smoke.yaml",
    "checks:\n  - name: products are listed\n    service: api\n    pth: /products\n",
  );
  project.commit();
  const { code, stderr } = await project.slipway(["cut", "1.4.0"]);
  expect(stderr).toContain("SMOKE_INVALID");
  expect(stderr).toContain("checks[0].pth is not known: did you mean path");
  expect(code).toBe(2);
});

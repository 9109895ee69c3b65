import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
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
  expect(readdirSync(join(project.root, ".slipway")).filter((name) => name.startsWith("proof-"))).toEqual([]);
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

test("--no-prove cuts it nevertheless", async () => {
  const { code, stderr } = await project.slipway(["cut", "1.1.0", "--no-prove"]);
  expect(code, stderr).toBe(0);
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
  expect(stderr).toContain("warning: 20260102000001_colour is not proved");
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

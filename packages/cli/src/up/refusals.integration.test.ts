// Bad input and bad luck: each with its code, its exit code, one error and the next step; and nothing changed
// where a run was refused. In this order: the environment is at 1.1.0 between the cases. One long file, since
// every other one would need a project of its own, whose set-up takes longer than most cases.
import { once } from "node:events";
import { appendFileSync, cpSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { ErrorCode } from "@slipway/kernel";
import { freePort } from "@slipway/toolchain/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { drive } from "../../testing/drive.ts";
import { environmentOf } from "../../testing/environment-of.ts";
import { expectSettled } from "../../testing/expect-settled.ts";
import { ended, type ScratchProject, scratchProject } from "../../testing/scratch-project.ts";
import { shopMigrations } from "../../testing/shop.ts";
import { testDraw } from "../../testing/test-draw.ts";

const NOTE = "20260102000001_note";
const FIRST = "20260201000001_first";
const UNIQUE = "20260201000002_unique";
const NAMELESS = "20260301000001_nameless";
const heads: Record<string, string> = {
  "1.0.0": "20260101000001_things",
  "1.1.0": NOTE,
  "2.0.0": "20260201000003_last",
  "3.0.0": NAMELESS,
};
const draw = testDraw();
let project: ScratchProject;
let taken: Server;
let port: number;

beforeAll(async () => {
  const head = NOTE;
  project = await scratchProject(
    [
      ...shopMigrations.slice(0, 2),
      { id: FIRST, up: "create table first (id int);\n", down: "drop table first;\n" },
      { id: UNIQUE, up: "create unique index names on things (name);\n", down: "drop index names;\n" },
      { id: "20260201000003_last", up: "create table last (id int);\n", down: "drop table last;\n" },
      {
        id: NAMELESS,
        up: "alter table things alter column name drop not null;\n",
        down: "alter table things alter column name set not null;\n",
      },
    ],
    [
      { version: "1.0.0", head: heads["1.0.0"] ?? "" },
      { version: "1.1.0", head },
      { version: "1.2.0", head, behaviour: { neverReady: true } },
      { version: "1.2.1", head, behaviour: { exit: true } },
      { version: "1.2.2", head, behaviour: { meta: { version: "9.9.9" } } },
      { version: "1.2.3", head, behaviour: { meta: { digest: `sha256:${"0".repeat(64)}` } } },
      { version: "2.0.0", head: heads["2.0.0"] ?? "" },
      { version: "3.0.0", head: NAMELESS },
    ],
  );
  expect(await project.slipway(["up", "--yes"])).toMatchObject({ code: 0 });
  await drive(project.root, "1.1.0");
  port = await freePort();
  taken = createServer().listen(port, "127.0.0.1");
  await once(taken, "listening");
});
afterAll(async () => {
  taken?.close();
  await project.remove();
});

const file = (name: string) => join(project.root, name);
const settled = (version: string) => expectSettled(project, version, heads[version] ?? "");

async function query(sql: string): Promise<unknown[]> {
  const environment = environmentOf(project);
  try {
    return (await (await environment.database())?.query(sql)) ?? [];
  } finally {
    await environment.close();
  }
}

/** Everything that a refused run must leave as it was. */
async function everything() {
  const environment = environmentOf(project);
  const { ledger, instances, traffic } = await environment.observe().finally(() => environment.close());
  return { ledger, instances, routes: traffic.routes };
}

interface Said {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** The codes of the errors that a command told as its own end. */
const errorsIn = ({ stdout, stderr }: Said): string[] =>
  [
    ...(stdout + stderr).matchAll(
      /^(?:error |failed |)([A-Z][A-Z_]{3,}): .+(?:\n.+)*?\n {2}do: +\S.*(?:\n {4,}.*)*\n {2}more: slipway explain \1$/gm,
    ),
  ].map(([, code = ""]) => code);

/** Runs `slipway up` on a project that was spoilt, mends it, and expects a refusal that changed nothing. */
async function refused(code: ErrorCode, spoil: () => void, env?: Record<string, string>): Promise<string> {
  const before = await everything();
  cpSync(file("stacks"), file("saved/stacks"), { recursive: true });
  cpSync(file("migrations"), file("saved/migrations"), { recursive: true });
  spoil();
  const said = await project.slipway(["up", "--yes"], env);
  for (const folder of ["stacks", "migrations"]) {
    rmSync(file(folder), { recursive: true });
    renameSync(file(`saved/${folder}`), file(folder));
  }
  expect(errorsIn(said), said.stderr).toEqual([code]);
  expect(said.code).toBe(2);
  expect(said.stdout).toBe("");
  expect(await everything()).toEqual(before);
  return said.stderr;
}

const edit = (name: string, from: string | RegExp, to: string) =>
  writeFileSync(file(name), readFileSync(file(name), "utf8").replace(from, to));

describe("a pin", () => {
  test("without a manifest", async () => {
    expect(await refused("RELEASE_UNKNOWN", () => project.pin("9.9.9"))).toContain("slipway cut 9.9.9");
    project.pin("9.9.9");
    const { code, stdout } = await project.pulumi(["preview", "--stack", "dev"]);
    project.pin("1.1.0");
    expect(code).not.toBe(0);
    expect(stdout).toContain("error: RELEASE_UNKNOWN: Cannot read release");
    expect(stdout).not.toMatch(/^ +at /m);
  });

  test("that can move", async () => {
    await refused("REFERENCE_MUTABLE", () => project.pin("latest"));
  });

  test.each([
    ["edited", "MANIFEST_EDITED", /"createdAt": "\d{4}/, '"createdAt": "1999'],
    ["damaged", "MANIFEST_INVALID", "{", ""],
  ] as const)("whose manifest was %s", async (_how, code, from, to) => {
    await refused(code, () => {
      project.pin("2.0.0");
      edit("stacks/releases/2.0.0.json", from, to);
    });
  });
});

describe("a migration of the pin", () => {
  test.each([
    [
      "that was edited after the cut",
      "SCHEMA_CHECKSUM_CHANGED",
      () => appendFileSync(file(`migrations/${FIRST}.sql`), "select 1;\n"),
    ],
    [
      "whose rollback was edited after the cut",
      "SCHEMA_CHECKSUM_CHANGED",
      () => appendFileSync(file(`migrations/rollbacks/${FIRST}.sql`), "select 1;\n"),
    ],
    ["whose file is gone", "MIGRATION_INVALID", () => rmSync(file(`migrations/${FIRST}.sql`))],
    [
      "whose rollback file is gone",
      "MIGRATION_INVALID",
      () => rmSync(file(`migrations/rollbacks/${FIRST}.sql`)),
    ],
  ] as const)("%s", async (_what, code, spoil) => {
    const stderr = await refused(code, () => {
      project.pin("2.0.0");
      spoil();
    });
    expect(stderr).toContain(FIRST);
  });

  test("without a rollback file is refused at the cut", async () => {
    project.write("migrations/20260401000001_later.sql", "create table later (id int);\n");
    project.commit();
    const said = await project.slipway(["cut", "4.0.0"]);
    expect(errorsIn(said)).toEqual(["MIGRATION_ROLLBACK_MISSING"]);
    expect(said.code).toBe(2);
    rmSync(file("migrations/20260401000001_later.sql"));
    project.commit();
  });
});

describe("an artifact of the pin", () => {
  test.each([
    ["missing", "ARTIFACT_MISSING", (tar: string) => rmSync(tar)],
    ["damaged", "ARTIFACT_DAMAGED", (tar: string) => appendFileSync(tar, "x")],
  ] as const)("that is %s", async (_how, code, spoil) => {
    const manifest = readFileSync(file("stacks/releases/2.0.0.json"), "utf8");
    const digest = /"artifact": "sha256:([0-9a-f]{64})"/.exec(manifest)?.[1];
    const tar = file(`.slipway/artifacts/${digest}.tar`);
    const whole = readFileSync(tar);
    await refused(code, () => {
      project.pin("2.0.0");
      spoil(tar);
    });
    writeFileSync(tar, whole);
  });
});

describe("the configuration", () => {
  test("with a key that is not known", async () => {
    const stderr = await refused("CONFIG_INVALID", () => project.configure("slipway:relase: 1.0.0"));
    expect(stderr).toContain("did you mean release?");
  });

  test("with a router port that somebody else uses", async () => {
    const spoil = () => edit("stacks/Pulumi.dev.yaml", /slipway:port: .*/, `slipway:port: ${port}`);
    expect(await refused("PORT_IN_USE", spoil)).toContain(`process ${process.pid}`);
  });

  test("with a database that is not named, or does not answer, and its password in no message", async () => {
    const spoil = () => project.configure("slipway:database: { env: SHOP_DATABASE }");
    expect(await refused("DATABASE_UNREACHABLE", spoil)).toContain("Set SHOP_DATABASE");
    const url = "postgres://shop:open-sesame@127.0.0.1:1/shop";
    const stderr = await refused("DATABASE_UNREACHABLE", spoil, { SHOP_DATABASE: url });
    expect(stderr).toContain('"shop" at 127.0.0.1:1');
    expect(stderr).not.toContain("open-sesame");
  });

  test("of an environment whose folder cannot be made", async () => {
    const stack = `config:\n  slipway:release: 1.0.0\n  slipway:port: ${await freePort()}\n`;
    writeFileSync(file("stacks/Pulumi.staging.yaml"), stack);
    writeFileSync(file(".slipway/staging"), "");
    const said = await project.slipway(["up", "--env", "staging", "--yes"]);
    expect(errorsIn(said), said.stderr).toEqual(["FOLDER_NOT_WRITABLE"]);
    expect(said.code).toBe(2);
    rmSync(file("stacks/Pulumi.staging.yaml"));
    rmSync(file(".slipway/staging"));
  });
});

describe("a rollback that loses data", () => {
  test("is refused, with what is at stake", async () => {
    await query("update things set note = 'kept' where id <= 3");
    const stderr = await refused("ROLLBACK_LOSES_DATA", () => project.pin("1.0.0"));
    expect(stderr).toContain("things.note (3 values, all written since)");
  });

  test("goes ahead with permission, and what it drops is saved", async () => {
    project.configure(`slipway:allowDataLoss: ["${NOTE}"]`);
    await drive(project.root, "1.0.0");
    await settled("1.0.0");
    const [saved] = await query("select name from slipway_saved.saved");
    const { name } = saved as { name: string };
    expect(await query(`select * from slipway_saved."${name}" where note is not null order by id`)).toEqual(
      [1, 2, 3].map((id) => ({ id, note: "kept" })),
    );
    await drive(project.root, "1.1.0");
    await settled("1.1.0");
  });
});

describe("a service", () => {
  test.each([
    ["is never ready", "1.2.0", "SERVICE_NOT_READY", "/readyz answered 503"],
    ["exits at once", "1.2.1", "SERVICE_EXITED", "cannot start: the configuration is missing"],
    ["is ready with another version", "1.2.2", "SERVICE_WRONG_BUILD", '"version":"9.9.9"'],
    ["is ready with another digest", "1.2.3", "SERVICE_WRONG_BUILD", `"digest":"sha256:${"0".repeat(64)}"`],
  ])("that %s gets no traffic, and nothing of it stays", async (_how, version, code, why) => {
    // For this one only: the others get the time that a machine may take to start them.
    const hurried = code === "SERVICE_NOT_READY" ? "slipway:readySeconds: 5" : null;
    if (hurried !== null) project.configure(hurried);
    await expect(drive(project.root, version)).rejects.toMatchObject({
      code,
      why: expect.stringContaining(why),
    });
    if (hurried !== null) edit("stacks/Pulumi.dev.yaml", `  ${hurried}\n`, "");
    const { instances } = await everything();
    expect(instances.map((instance) => [instance.version, instance.alive])).toEqual([["1.1.0", true]]);
    expect(await project.get("/meta")).toMatchObject({ body: { version: "1.1.0" } });
  });

  test("that exits is rolled back by slipway up, with the end of its log", async () => {
    project.pin("1.2.1");
    const said = await project.slipway(["up", "--yes"]);
    expect(errorsIn(said), said.stdout).toEqual(["SERVICE_EXITED"]);
    expect(said.stdout).toContain("cannot start: the configuration is missing");
    expect(said.code).toBe(3);
    await settled("1.1.0");
  });

  test("that exits is left to a person with slipway:onFailure hold", async () => {
    project.configure("slipway:onFailure: hold");
    project.pin("1.2.1");
    const said = await project.slipway(["up", "--yes"]);
    expect(errorsIn(said), said.stdout).toEqual(["SERVICE_EXITED"]);
    expect(said.code).toBe(4);
    expect(await project.get("/meta")).toMatchObject({ body: { version: "1.1.0" } });
    edit("stacks/Pulumi.dev.yaml", "  slipway:onFailure: hold\n", "");
    await drive(project.root, "1.1.0");
    await settled("1.1.0");
  });
});

describe("SQL", () => {
  test("that fails half-way: what came before it stays until the next pin", async () => {
    await query("insert into things (id, name) values (101, 'twice'), (102, 'twice')");
    await expect(drive(project.root, "2.0.0")).rejects.toMatchObject({
      code: "SCHEMA_APPLY_FAILED",
      what: `Cannot apply migration "${UNIQUE}"`,
      why: expect.stringContaining("1 of 3 were applied before it and stay"),
    });
    expect((await everything()).ledger.applied.at(-1)?.id).toBe(FIRST);
    await drive(project.root, "1.1.0");
    await settled("1.1.0");
    await query("delete from things where id = 102");
    await drive(project.root, "2.0.0");
    await settled("2.0.0");
  });

  test("of a rollback that fails: the app is back, the schema is not, and a person is asked", async () => {
    await drive(project.root, "3.0.0");
    await query("insert into things (id, name) values (103, null)");
    project.pin("2.0.0");
    const said = await project.slipway(["up", "--yes"]);
    expect(errorsIn(said), said.stdout).toEqual(["SCHEMA_REVERT_FAILED"]);
    expect(said.code).toBe(4);
    expect(said.stdout).toContain('column "name" of relation "things" contains null values');
    expect(said.stdout).toContain(`then run slipway up again: it goes on with ${NAMELESS}`);
    expect(await project.get("/meta")).toMatchObject({ body: { version: "2.0.0" } });
    expect((await everything()).ledger.applied.at(-1)?.id).toBe(NAMELESS);

    await query("update things set name = 'found' where name is null");
    expect(await project.slipway(["up", "--yes"])).toMatchObject({ code: 0 });
    await settled("2.0.0");
  });
});

test("Ctrl-C at a random moment, forward and back: up again converges", async () => {
  for (const version of ["1.1.0", "2.0.0"]) {
    project.pin(version);
    const child = project.start(["up", "--yes"]);
    const end = ended(child);
    // Where the first Ctrl-C came before any change there is nothing to do, and the command may end at once.
    await Promise.race([new Promise((resolve) => child.stderr?.once("data", resolve)), end]);
    await Promise.race([sleep(draw.between(0, 3_000)), end]);
    child.kill("SIGINT");
    const said = await end;
    expect([0, 1, 4], said.stderr).toContain(said.code);
    if (said.code !== 0) expect(errorsIn(said), said.stdout + said.stderr).toEqual(["INTERRUPTED"]);
  }
  const again = await project.slipway(["up", "--yes"]);
  expect(again.code, again.stderr).toBe(0);
  await settled("2.0.0");
});

// Two runs into one environment: the second is refused and says who holds it since when; what a dead run
// left does not stand in the way.
import { cpSync, existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { exportAudit } from "@slipway/ledger";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { drive } from "../../testing/drive.ts";
import { environmentOf } from "../../testing/environment-of.ts";
import { expectSettled } from "../../testing/expect-settled.ts";
import { type Ended, ended, type ScratchProject } from "../../testing/scratch-project.ts";
import { shopHeads, shopProject, shopReleases } from "../../testing/shop.ts";

const plain = ["up", "--stack", "dev", "--yes", "--skip-preview"];
let project: ScratchProject;

const settled = (version: string) => expectSettled(project, version, shopHeads[version] ?? "");
const query = async (sql: string) => {
  const environment = environmentOf(project);
  try {
    return await (await environment.database())?.query(sql);
  } finally {
    await environment.close();
  }
};

beforeAll(async () => {
  project = await shopProject(shopReleases.filter(({ version }) => ["1.0.0", "1.1.0"].includes(version)));
  expect(await project.slipway(["up", "--yes"])).toMatchObject({ code: 0 });
});
afterAll(async () => {
  await project.remove();
});

describe("while plain pulumi is at work", () => {
  const seconds: Record<string, Ended> = {};

  test("it ends as if nobody else had come", async () => {
    const held = join(project.root, "held");
    project.pin("1.1.0");
    const first = project.startPulumi(plain, { SLIPWAY_FAILPOINT: `service.started:hold:${held}` });
    const end = ended(first);
    while (!existsSync(held) && first.exitCode === null) await sleep(20);
    seconds.slipway = await project.slipway(["up", "--yes"]);
    // The same stack from another copy of the state: Pulumi's lock is not in the way there.
    const backend = join(project.root, "other-backend");
    cpSync(join(project.root, "stacks/.pulumi"), join(backend, ".pulumi"), {
      recursive: true,
      filter: (source) => !source.includes("/locks"),
    });
    const other = { PULUMI_BACKEND_URL: `file://${backend}` };
    await project.pulumi(["stack", "select", "--create", "dev"], other);
    seconds.pulumi = await project.pulumi(plain, other);
    rmSync(held);
    const { code, stdout } = await end;
    expect(code, stdout).toBe(0);
    await settled("1.1.0");
  });

  test.each(["slipway", "pulumi"])("%s was refused and said who holds the environment since when", (name) => {
    const { code, stdout, stderr } = seconds[name] as Ended;
    expect(code).toBe(name === "slipway" ? 2 : 1);
    expect(stdout + stderr).toMatch(
      /LEASE_HELD: .*test \(pid \d+ on \S+\) holds it since \d{4}-\d\d-\d\dT[\d:.]+Z \(release to 1\.1\.0\)/,
    );
  });
});

describe("Pulumi's lock", () => {
  const lockFile = () => join(project.root, "stacks/.pulumi/locks/organization/shop/dev/test.json");
  const lock = (pid: number, host: string) => {
    const timestamp = new Date().toISOString();
    mkdirSync(dirname(lockFile()), { recursive: true });
    writeFileSync(lockFile(), JSON.stringify({ pid, username: "ana", hostname: host, timestamp }));
  };

  test.each([
    ["of a process that lives", () => lock(process.pid, hostname())],
    ["of another host, with no run opened under it", () => lock(1, "elsewhere")],
  ])("%s is respected", async (_what, make) => {
    make();
    project.pin("1.0.0");
    const { code, stdout } = await project.slipway(["up", "--yes"]);
    expect(stdout).toMatch(/STACK_LOCKED: .*ana holds its lock since \S+ \(pid \d+ on \S+\)/);
    expect(code).toBe(2);
    expect(existsSync(lockFile())).toBe(true);
    await settled("1.1.0");
  });

  test("of a process that is gone is taken away", async () => {
    lock(2 ** 22 + 1, hostname());
    const { code, stderr } = await project.slipway(["up", "--yes"]);
    expect(code, stderr).toBe(0);
    expect(stderr).toContain("locked by a run that is gone");
    expect(existsSync(lockFile())).toBe(false);
    await settled("1.0.0");
  });
});

describe("the lease of a holder that died", () => {
  const hold = (host: string, seconds: number) =>
    query(`update slipway.lease set token = token + 1, owner = 'ana', reason = 'release to 9.9.9', pid = 4194305,
      host = '${host}', process_start = 'gone', ttl_ms = 1000, acquired_at = now(), heartbeat_at = now(),
      expires_at = now() + interval '${seconds} s'`);

  test("on this host is taken over at once", async () => {
    await hold(hostname(), 3600);
    await drive(project.root, "1.1.0");
    await settled("1.1.0");
    const environment = environmentOf(project);
    const db = await environment.database();
    const events = db === null ? [] : await Array.fromAsync(exportAudit(db));
    await environment.close();
    expect(events.findLast(({ kind }) => kind === "lease.taken-over")).toMatchObject({
      subject: "ana",
      data: { fromReason: "release to 9.9.9", fromDead: true },
    });
  });

  test("on another host stands until it expires", async () => {
    await hold("elsewhere", 3600);
    await expect(drive(project.root, "1.0.0")).rejects.toMatchObject({ code: "LEASE_HELD" });
    // Shortened only now: a machine that takes its time would find it expired before.
    await query("update slipway.lease set expires_at = now() + interval '1 s'");
    await expect
      .poll(() => drive(project.root, "1.0.0").then(() => "done", String), { timeout: 60_000 })
      .toBe("done");
    await settled("1.0.0");
  });
});

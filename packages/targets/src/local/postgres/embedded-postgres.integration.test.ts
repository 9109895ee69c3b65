import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { processIdentity } from "../processes/process-identity.ts";
import { type EmbeddedPostgres, embeddedPostgres } from "./embedded-postgres.ts";

const asRoot = process.getuid?.() === 0;
const settings = { fsync: "off" };

let root: string;
let folder: string;
let postgres: EmbeddedPostgres;
let children: ChildProcess[];
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "slipway-embedded-"));
  chmodSync(root, 0o755);
  folder = join(root, "postgres");
  postgres = embeddedPostgres({ folder, settings });
  children = [];
});
afterEach(async () => {
  await postgres.stop();
  for (const child of children) child.kill("SIGKILL");
  const home = homeOf();
  if (!home.startsWith(root)) rmSync(home, { recursive: true, force: true });
  rmSync(root, { recursive: true, force: true });
});

function homeOf(): string {
  try {
    const { home } = JSON.parse(readFileSync(join(folder, "postgres.json"), "utf8")) as { home: string };
    return home === "." ? folder : home;
  } catch {
    // The test made no cluster.
    return folder;
  }
}

const pidFile = () => join(homeOf(), "cluster", "data", "postmaster.pid");
const postmaster = () => Number(readFileSync(pidFile(), "utf8").split("\n")[0]);

async function query(url: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

function starter(): ChildProcess {
  const program = join(import.meta.dirname, "../../../testing/start-postgres.ts");
  const child = spawn(process.execPath, [program, folder], { stdio: ["ignore", "pipe", "inherit"] });
  children.push(child);
  return child;
}

describe("the embedded Postgres", () => {
  test("is made once, keeps its data and its address, and is gone after a stop", async () => {
    expect(await postgres.status()).toBe("absent");
    expect(postgres.url()).toBeNull();
    const { url } = await postgres.start();
    expect(await postgres.status()).toBe("running");
    await query(url, "create table kept as select 1 as one");
    expect(await postgres.start()).toEqual({ url });
    const pid = postmaster();
    await postgres.stop();
    expect(processIdentity(pid)).toBeNull();
    expect(await postgres.status()).toBe("stopped");
    await postgres.stop();
    expect(postgres.url()).toBe(url);
    expect(await postgres.start()).toEqual({ url });
    expect(await query(url, "select one from kept")).toEqual([{ one: 1 }]);
  });

  test("wants its password, which only the owner can read and no log shows", async () => {
    const { url } = await postgres.start();
    const { password, port } = new URL(url);
    await expect(query(`postgres://postgres:wrong@127.0.0.1:${port}/postgres`, "select 1")).rejects.toThrow(
      "password",
    );
    const file = statSync(join(homeOf(), "cluster", "password"));
    expect([file.mode & 0o777, file.uid]).toEqual([0o600, process.getuid?.()]);
    expect(readFileSync(join(homeOf(), "cluster", "log"), "utf8")).not.toContain(password);
    expect(readFileSync(join(folder, "postgres.json"), "utf8")).not.toContain(password);
  });

  test("outlives the process that started it", async () => {
    const child = starter();
    await once(child, "exit");
    expect(await postgres.status()).toBe("running");
    expect(await query(postgres.url() ?? "", "select 1 as one")).toEqual([{ one: 1 }]);
  });

  test("is made and started once by several processes at the same time", async () => {
    const outputs = await Promise.all(
      [starter(), starter()].map(async (child) => {
        let text = "";
        child.stdout?.on("data", (data) => {
          text += data;
        });
        // Not "exit": what it wrote may still be on its way then.
        const [code] = await once(child, "close");
        expect(code).toBe(0);
        return text;
      }),
    );
    expect(outputs[0]).toBe(outputs[1]);
    expect(outputs[0]).toContain(postgres.url());
    expect(readdirSync(homeOf()).filter((name) => name.startsWith("cluster"))).toEqual(["cluster"]);
  });

  test("is made anew when whoever made it was killed on the way", async () => {
    const child = starter();
    const exited = once(child, "exit");
    // Looked and killed without a pause in between, in which it could come to its end.
    await expect.poll(() => partial() && child.kill("SIGKILL"), { interval: 2 }).toBe(true);
    await exited;
    expect(await postgres.status()).toBe("absent");
    const { url } = await postgres.start();
    expect(await query(url, "select 1 as one")).toEqual([{ one: 1 }]);
    expect(readdirSync(homeOf()).filter((name) => name.startsWith("cluster"))).toEqual(["cluster"]);
  });

  function partial(): boolean {
    try {
      return readdirSync(homeOf()).some((name) => name.startsWith("cluster."));
    } catch {
      // Not even the folder yet.
      return false;
    }
  }

  test("comes back after a crash with what was committed", async () => {
    const { url } = await postgres.start();
    await query(url, "create table kept as select 1 as one");
    process.kill(postmaster(), "SIGKILL");
    await expect.poll(() => postgres.status()).toBe("stopped");
    expect(await postgres.start()).toEqual({ url });
    expect(await query(url, "select one from kept")).toEqual([{ one: 1 }]);
  });

  test("is not fooled by a process that got the dead server's number, and leaves it alone", async () => {
    const { url } = await postgres.start();
    process.kill(postmaster(), "SIGKILL");
    await expect.poll(() => postgres.status()).toBe("stopped");
    const [, ...rest] = readFileSync(pidFile(), "utf8").split("\n");
    const nobody = asRoot ? { uid: 65534, gid: 65534 } : {};
    const bystander = spawn("sleep", ["60"], { ...nobody, stdio: "ignore" });
    children.push(bystander);
    writeFileSync(pidFile(), [bystander.pid, ...rest].join("\n"));

    expect(await postgres.status()).toBe("stopped");
    await postgres.stop();
    expect(bystander.exitCode ?? bystander.signalCode).toBeNull();
    expect(await postgres.start()).toEqual({ url });
    expect(await query(url, "select 1 as one")).toEqual([{ one: 1 }]);
    expect(bystander.exitCode ?? bystander.signalCode).toBeNull();
  });

  test("refuses to begin empty where there was data", async () => {
    await postgres.start();
    await postgres.stop();
    renameSync(join(homeOf(), "cluster"), join(homeOf(), "away"));
    await expect(postgres.status()).rejects.toMatchObject({ code: "DATABASE_UNREACHABLE" });
    await expect(postgres.start()).rejects.toMatchObject({ message: expect.stringContaining("is gone") });
    renameSync(join(homeOf(), "away"), join(homeOf(), "cluster"));
    expect(await postgres.status()).toBe("stopped");
  });

  test("says who took its port", async () => {
    const { url } = await postgres.start();
    await postgres.stop();
    const stranger = createServer().listen(Number(new URL(url).port), "127.0.0.1");
    await once(stranger, "listening");
    await expect(postgres.start()).rejects.toMatchObject({
      code: "PORT_IN_USE",
      message: expect.stringContaining(`process ${process.pid} (`),
    });
    stranger.close();
  });

  test("says what its log says when it cannot start", async () => {
    await postgres.start();
    await postgres.stop();
    const wrong = embeddedPostgres({ folder, settings: { max_connections: "none" } });
    await expect(wrong.start()).rejects.toMatchObject({
      code: "DATABASE_UNREACHABLE",
      message: expect.stringContaining("max_connections"),
    });
  });

  test.runIf(asRoot)(
    "keeps its data elsewhere when its user cannot get to the folder, and says so once",
    async () => {
      chmodSync(root, 0o700);
      const notices: string[] = [];
      const hidden = embeddedPostgres({ folder, settings, notice: (message) => notices.push(message) });
      const { url } = await hidden.start();
      expect(await query(url, "select 1 as one")).toEqual([{ one: 1 }]);
      await hidden.stop();
      await hidden.start();
      expect(notices).toEqual([expect.stringContaining(homeOf())]);
      expect(homeOf().startsWith(root)).toBe(false);
    },
  );
});

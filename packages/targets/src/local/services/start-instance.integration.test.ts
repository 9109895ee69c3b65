import { once } from "node:events";
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type ScratchTarget, scratchTarget } from "../../../testing/scratch-target.ts";
import { type TinyBehaviour, tinyService } from "../../../testing/tiny-service.ts";
import type { InstanceSpec } from "../../target.ts";
import { portCandidates } from "../processes/choose-port.ts";
import { isAlive, processIdentity } from "../processes/process-identity.ts";

let scratch: ScratchTarget;
beforeEach(async () => {
  scratch = await scratchTarget();
});
afterEach(() => scratch.remove());

const tiny = (version: string, behaviour: TinyBehaviour = {}, overrides: Partial<InstanceSpec> = {}) =>
  tinyService(scratch.store, version, behaviour, overrides);
const ask = async (url: string) => (await fetch(url)).json() as Promise<Record<string, unknown>>;

describe("a start", () => {
  test("gives a process of its own, in the artifact's folder, with the release's variables and no others", async () => {
    const secret = "k-4f81c2e09b";
    const spec = await tiny("1.0.0", {}, { env: { API_KEY: secret } });
    const instance = await scratch.target.start(spec);
    expect(instance).toMatchObject({ id: spec.id, service: "tiny", version: "1.0.0", alive: true });
    expect(await ask(instance.address)).toMatchObject({ version: "1.0.0", pid: instance.pid });
    const { names, cwd } = (await ask(`${instance.address}/environment`)) as { names: string[]; cwd: string };
    expect(names).toEqual(expect.arrayContaining(["API_KEY", "PORT", "PATH", "HOST"]));
    expect(names).not.toContain("VITEST");
    expect(cwd).toBe(join(scratch.folder, "artifacts", spec.artifact.slice(7)));
    expect(await scratch.target.instances()).toEqual([instance]);
    for (const file of readdirSync(scratch.folder, { recursive: true, withFileTypes: true })) {
      if (file.isFile()) expect(readFileSync(join(file.parentPath, file.name), "utf8")).not.toContain(secret);
    }
  });

  test("adopts what runs already, whoever started it", async () => {
    const spec = await tiny("1.0.0");
    const first = await scratch.target.start(spec);
    expect(await scratch.target.start(spec)).toEqual(first);
    expect(scratch.processes()).toEqual([first.pid]);
  });

  test("of an instance whose process died starts it again at the same address", async () => {
    const spec = await tiny("1.0.0");
    const [usual] = portCandidates(`${scratch.folder}/${spec.id}`);
    const stranger = createServer().listen(usual, "127.0.0.1");
    await once(stranger, "listening");
    const first = await scratch.target.start(spec);
    stranger.close();
    await once(stranger, "close");
    process.kill(first.pid, "SIGKILL");
    await expect.poll(async () => (await scratch.target.instances())[0]?.alive).toBe(false);
    const second = await scratch.target.start(spec);
    expect(second).toMatchObject({ alive: true, address: first.address });
    expect(second.pid).not.toBe(first.pid);
  });

  test("replaces an instance that runs and does not get ready", async () => {
    const spec = await tiny("1.0.0");
    const first = await scratch.target.start(spec);
    process.kill(first.pid, "SIGSTOP");
    // The time that the frozen one is given, and the new one needs much less.
    const second = await scratch.target.start({ ...spec, readyDeadlineMs: 6_000 });
    expect(second.pid).not.toBe(first.pid);
    expect(scratch.processes()).toEqual([second.pid]);
  });

  test("of two services at the same time gives them different ports", async () => {
    const specs = await Promise.all(["a", "b", "c"].map((service) => tiny("1.0.0", {}, { service })));
    const started = await Promise.all(specs.map((spec) => scratch.target.start(spec)));
    expect(new Set(started.map(({ address }) => address)).size).toBe(3);
  });

  test("that is aborted leaves nothing", async () => {
    const spec = await tiny("1.0.0", { readyAfterMs: 600_000 });
    const stopping = new Error("stopping");
    await expect(scratch.target.start(spec, AbortSignal.abort(stopping))).rejects.toBe(stopping);
    const controller = new AbortController();
    const started = scratch.target.start(spec, controller.signal);
    await expect.poll(() => scratch.processes().length).toBe(1);
    controller.abort(stopping);
    await expect(started).rejects.toBe(stopping);
    expect(scratch.processes()).toEqual([]);
    expect(await scratch.target.instances()).toEqual([]);
  });
});

describe("a start that fails leaves nothing running and says why:", () => {
  async function refusal(spec: InstanceSpec): Promise<{ code: string; message: string }> {
    const error = await scratch.target.start(spec).then(
      () => ({ code: "none", message: "it started" }),
      (thrown: { code: string; message: string }) => thrown,
    );
    expect(scratch.processes()).toEqual([]);
    expect(await scratch.target.instances()).toEqual([]);
    return error;
  }

  test("a service that exits, with the end of its log and without its secrets", async () => {
    const behaviour = { exitCode: 3, logVariable: "DATABASE_URL" };
    const env = { DATABASE_URL: "postgres://tiny:pw-93ab77@127.0.0.1:1/tiny" };
    const { code, message } = await refusal(await tiny("1.0.0", behaviour, { env }));
    expect(code).toBe("SERVICE_EXITED");
    expect(message).toContain("exit code 3");
    expect(message).toContain("this one cannot start");
    expect(message).toContain("DATABASE_URL is [redacted]");
    expect(message).not.toContain("pw-93ab77");
  });

  test("a program that does not exist", async () => {
    const { code, message } = await refusal(await tiny("1.0.0", {}, { command: ["./no-such-program"] }));
    expect(code).toBe("SERVICE_EXITED");
    expect(message).toContain("no-such-program");
  });

  test("a service that is not ready in time, with its last answer", async () => {
    const { code, message } = await refusal(
      await tiny("1.0.0", { readyAfterMs: 600_000 }, { readyDeadlineMs: 5_000 }),
    );
    expect(code).toBe("SERVICE_NOT_READY");
    expect(message).toContain("/readyz answered 503");
    expect(message).toContain("tiny 1.0.0 begins");
  });

  test("a service that does not stay ready", async () => {
    const spec = await tiny("1.0.0", { flapping: true }, { readyDeadlineMs: 2_000, stabilityMs: 10_000 });
    expect(await refusal(spec)).toMatchObject({ code: "SERVICE_NOT_READY" });
  });

  test("a service that is another build than the released one", async () => {
    const { code, message } = await refusal(await tiny("1.0.0", { claimedVersion: "0.9.0" }));
    expect(code).toBe("SERVICE_WRONG_BUILD");
    expect(message).toContain('"version":"0.9.0"');
    expect(message).toContain('expected {"service":"tiny","version":"1.0.0"');
  });

  test("an artifact that is not in the store", async () => {
    const spec = await tiny("1.0.0", {}, { artifact: `sha256:${"0".repeat(64)}` });
    expect(await refusal(spec)).toMatchObject({ code: "ARTIFACT_MISSING" });
  });
});

describe("a stop", () => {
  test("is polite first, and done when it is called again", async () => {
    const spec = await tiny("1.0.0");
    const { pid } = await scratch.target.start(spec);
    await scratch.target.stop(spec.id, { graceMs: 20_000 });
    expect(processIdentity(pid)).toBeNull();
    await scratch.target.stop(spec.id, { graceMs: 20_000 });
    await scratch.target.stop("never-seen", { graceMs: 20_000 });
    expect(await scratch.target.instances()).toEqual([]);
    expect(await scratch.target.logs(spec.id, 5)).toContain("tiny 1.0.0 begins");
  });

  test("uses force after the grace, on the whole group", async () => {
    const command = ["/bin/sh", "-c", "trap '' TERM; sleep 600 & exec \"$0\" server.mjs", process.execPath];
    const spec = await tiny("1.0.0", { ignoreSigterm: true }, { command });
    await scratch.target.start(spec);
    expect(scratch.processes()).toHaveLength(2);
    await scratch.target.stop(spec.id, { graceMs: 100 });
    expect(scratch.processes()).toEqual([]);
  });

  test("ends what a service that died has left of its group", async () => {
    const command = ["/bin/sh", "-c", 'sleep 600 & exec "$0" server.mjs', process.execPath];
    const spec = await tiny("1.0.0", {}, { command });
    const { pid } = await scratch.target.start(spec);
    process.kill(pid, "SIGKILL");
    await expect.poll(() => scratch.processes()).toHaveLength(1);
    await scratch.target.stop(spec.id, { graceMs: 20_000 });
    expect(scratch.processes()).toEqual([]);
  });

  test("never signals a process that only has the number of the instance's", async () => {
    const spec = await tiny("1.0.0");
    const { pid } = await scratch.target.start(spec);
    const bystander = await scratch.target.start(await tiny("1.0.0", {}, { service: "bystander" }));
    const handle = { pid: bystander.pid, identity: processIdentity(bystander.pid) ?? "" };
    const home = join(scratch.folder, "instances", spec.id);
    const [file = ""] = readdirSync(home).filter((name) => name.endsWith(".pid"));
    const [, boot, stat] = readFileSync(join(home, file), "utf8").split("\n");
    process.kill(pid, "SIGKILL");
    await expect.poll(() => processIdentity(pid)).toBeNull();
    rmSync(join(home, file));
    writeFileSync(join(home, file), `${bystander.pid}\n${boot}\n${stat}\n`);

    expect((await scratch.target.instances()).find(({ id }) => id === spec.id)).toMatchObject({
      alive: false,
    });
    await scratch.target.stop(spec.id, { graceMs: 0 });
    expect(isAlive(handle)).toBe(true);
    expect((await scratch.target.start(spec)).alive).toBe(true);
    expect(isAlive(handle)).toBe(true);
  });
});

test("logs are redacted, kept for the next start, and rotated by size", async () => {
  const spec = await tiny(
    "1.0.0",
    { logVariable: "DATABASE_URL" },
    { env: { DATABASE_URL: "postgres://a:pw-123456@h/d" } },
  );
  await scratch.target.start(spec);
  expect(await scratch.target.logs(spec.id, 1)).toBe("DATABASE_URL is postgres://a:[redacted]@h/d");
  await scratch.target.stop(spec.id, { graceMs: 20_000 });
  const log = join(scratch.folder, "instances", spec.id, "log");
  writeFileSync(log, "x".repeat(9 * 1024 * 1024));
  await scratch.target.start(spec);
  expect(existsSync(`${log}.1`)).toBe(true);
  expect(await scratch.target.logs(spec.id, 9)).not.toContain("xxx");
  expect(await scratch.target.logs("never-seen", 9)).toBe("");
});

test("an id that would leave the folder is refused", async () => {
  for (const id of ["../x", ".", "", "a/b"]) {
    await expect(scratch.target.stop(id, { graceMs: 0 })).rejects.toThrow(TypeError);
  }
});

import { once } from "node:events";
import { existsSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { freePort } from "@slipway/toolchain/testing";
import { afterEach, expect, test } from "vitest";
import { startLoad } from "../../testing/load.ts";
import { scratchFolder } from "../../testing/scratch-folder.ts";
import { type ScratchTarget, scratchTarget } from "../../testing/scratch-target.ts";
import { tinyService } from "../../testing/tiny-service.ts";
import { localTarget } from "./local-target.ts";

let scratch: ScratchTarget;
afterEach(() => scratch.remove());

test("switching back and forth under load, with the old instance drained and stopped, drops nothing", async () => {
  scratch = await scratchTarget();
  const { target } = scratch;
  const one = await tinyService(scratch.store, "1.0.0");
  const two = await tinyService(scratch.store, "2.0.0");
  let serving = await target.start(one);
  await scratch.routeTo([serving, 100]);
  const load = startLoad({
    url: scratch.url,
    concurrency: 12,
    ratePerSecond: 300,
    timeoutMs: 60_000,
    maxSeconds: 300,
    requests: [
      { path: "/" },
      { path: "/echo", method: "POST", body: "b".repeat(20_000) },
      { path: "/stream" },
      { path: "/echo", method: "PUT", body: "short" },
    ],
    check: ({ status, body }, asked) =>
      status === 200 &&
      (asked.path !== "/stream" || body.endsWith("9\nend\n")) &&
      (asked.body === undefined || JSON.parse(body).body === asked.body),
  });
  const answered = (version: string) => load.byVersion()[version] ?? 0;
  /** Waits until a version has answered as often again as makes its turn count. */
  const servedBy = async (version: string) => {
    const before = answered(version);
    await expect.poll(() => answered(version) - before).toBeGreaterThan(20);
  };
  for (let turn = 1; turn <= 6; turn++) {
    await servedBy(serving.version);
    const next = await target.start(turn % 2 === 1 ? two : one);
    if (turn % 3 === 0) await scratch.routeTo([serving, 50], [next, 50]);
    if (turn % 3 === 0) await servedBy(next.version);
    await scratch.routeTo([next, 100]);
    expect(await target.drain(serving.id, { deadlineMs: 60_000 })).toBe(0);
    await target.stop(serving.id, { graceMs: 20_000 });
    serving = next;
  }
  await servedBy(serving.version);
  const report = await load.stop();
  expect(report).toMatchObject({ dropped: 0, reasons: {} });
  expect(report.byVersion["1.0.0"]).toBeGreaterThan(60);
  expect(report.byVersion["2.0.0"]).toBeGreaterThan(60);
});

test("stopping an instance that still takes traffic is seen as drops, so the load does look", async () => {
  scratch = await scratchTarget();
  const instance = await scratch.target.start(await tinyService(scratch.store, "1.0.0"));
  await scratch.routeTo([instance, 100]);
  const load = startLoad({ url: scratch.url, concurrency: 4, requests: [{ path: "/stream" }] });
  await expect.poll(() => load.byVersion()).not.toEqual({});
  await scratch.target.stop(instance.id, { graceMs: 0 });
  const report = await load.stop();
  expect(report.dropped).toBeGreaterThan(0);
  expect(report.sent).toBe(report.ok + report.dropped);
});

test("down stops everything, is done when it is called again, and lets all begin anew", async () => {
  scratch = await scratchTarget();
  const spec = await tinyService(scratch.store, "1.0.0");
  await scratch.routeTo([await scratch.target.start(spec), 100]);
  await scratch.target.down();
  expect(scratch.processes()).toEqual([]);
  expect(await scratch.target.instances()).toEqual([]);
  await scratch.target.down();
  await scratch.routeTo([await scratch.target.start(spec), 100]);
  expect((await fetch(scratch.url)).status).toBe(200);
});

test("preflight names who holds the port, lets the own router have it, and changes nothing", async () => {
  scratch = await scratchTarget();
  await scratch.target.preflight();
  expect(existsSync(scratch.folder)).toBe(false);
  await scratch.routeTo();
  await scratch.target.preflight();
  await scratch.target.down();

  const stranger = createServer().listen(scratch.port, "127.0.0.1");
  await once(stranger, "listening");
  const refusal = { code: "PORT_IN_USE", message: expect.stringContaining(`process ${process.pid} (`) };
  await expect(scratch.target.preflight()).rejects.toMatchObject(refusal);
  await expect(scratch.routeTo()).rejects.toMatchObject(refusal);
  expect(scratch.processes()).toEqual([]);
  stranger.close();
});

test("preflight refuses a folder that cannot be one", async () => {
  scratch = await scratchTarget();
  const file = join(scratchFolder(), "file");
  writeFileSync(file, "");
  const target = localTarget({ folder: join(file, "dev"), port: scratch.port, artifacts: scratch.store });
  await expect(target.preflight()).rejects.toMatchObject({ code: "FOLDER_NOT_WRITABLE" });
});

test("a changed port moves the router", async () => {
  scratch = await scratchTarget();
  await scratch.routeTo();
  const port = await freePort();
  const moved = localTarget({ folder: scratch.folder, port, artifacts: scratch.store });
  expect(await moved.route([])).toMatchObject({ running: true, address: `http://127.0.0.1:${port}` });
  expect(scratch.processes()).toHaveLength(1);
});

import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, afterEach, describe, expect, test, vi } from "vitest";
import { HttpStore } from "../../testing/http-store.ts";
import { makeDocument, makeFlag } from "../../testing/make-flag.ts";
import { type Host, startHost } from "../../testing/start-host.ts";

const on = [makeFlag("new-checkout")];
const killed = [makeFlag("new-checkout", { killed: true })];
const folder = mkdtempSync(join(tmpdir(), "slipway-flags-"));
const file = (name: string) => join(folder, name);
const hosts: Host[] = [];
const stores: HttpStore[] = [];

async function openStore(): Promise<HttpStore> {
  const store = await new HttpStore(on).start();
  stores.push(store);
  return store;
}
async function open(name: string, ...args: readonly string[]): Promise<Host> {
  const host = await startHost(name, ...args);
  hosts.push(host);
  return host;
}
const patient = { timeout: 30_000, interval: 50 };
/** A host starts to serve when the store has answered, or has not for 1.5 s: on a busy machine that comes first. */
const becomes = (host: Host, answer: string) =>
  vi.waitFor(async () => expect(await host.ask()).toBe(answer), patient);

afterEach(async () => {
  await Promise.all(hosts.splice(0).map((host) => host.stop()));
  await Promise.all(stores.splice(0).map((store) => store.stop()));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe.each(["node-server.mjs", "express-server.mjs", "hono-server.mjs", "deno-function.ts"])(
  "two lines in %s",
  (name) => {
    test("serve a flag, see a kill within seconds without any push, and acknowledge it", async () => {
      const store = await openStore();
      const host = await open(name, store.url);
      await becomes(host, "new");
      store.write(killed);
      await becomes(host, "old");
      await vi.waitFor(
        () => expect(store.acknowledgements.at(-1)).toMatchObject({ epoch: "one", revision: 2 }),
        patient,
      );
      expect(new Set(store.acknowledgements.map(({ instance }) => instance)).size).toBe(1);
    });
  },
);

test.each(["hono-server.mjs", "deno-function.ts"])(
  "%s gives browsers values only, and 304 while nothing changed",
  async (name) => {
    const store = await openStore();
    const host = await open(name, store.url);
    await becomes(host, "new");
    const first = await fetch(`${host.url}/flags`);
    expect(await first.json()).toEqual({ "new-checkout": [true] });
    const etag = first.headers.get("etag")!;
    expect((await fetch(`${host.url}/flags`, { headers: { "if-none-match": etag } })).status).toBe(304);
  },
);

test("a half-open connection, a store that is cut off, a black hole, then back: values stay, and a kill arrives", async () => {
  const store = await openStore();
  const host = await open("node-server.mjs", store.url);
  await becomes(host, "new");
  store.frozen = true;
  await new Promise((resolve) => setTimeout(resolve, 3_000));
  expect(await host.ask()).toBe("new");
  store.frozen = false;
  store.write([...on, makeFlag("other")]);
  await vi.waitFor(() => expect(store.acknowledgements.at(-1)?.revision).toBe(2), patient);
  await store.stop();
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  expect(await host.ask()).toBe("new");
  await store.swallow();
  await new Promise((resolve) => setTimeout(resolve, 3_500));
  // Each of them would wait for the store's 1.5 s if one did: a machine may stall for a moment, not at every one.
  const waits: number[] = [];
  for (let turn = 0; turn < 10; turn++) {
    const asked = performance.now();
    expect(await host.ask()).toBe("new");
    waits.push(performance.now() - asked);
  }
  expect(Math.min(...waits)).toBeLessThan(1_000);
  await store.stop();
  store.write(killed);
  await store.start();
  await becomes(host, "old");
});

test("killed and started again with the store down, a process still knows the kill", async () => {
  const store = await openStore();
  const path = file("last-known/flags.json");
  const first = await open("node-server.mjs", store.url, path);
  store.write(killed);
  await becomes(first, "old");
  await vi.waitFor(() => expect(JSON.parse(readFileSync(path, "utf8")).document.revision).toBe(2), patient);
  expect(statSync(path).mode & 0o777).toBe(0o600);
  await first.stop("SIGKILL");
  await store.stop();
  const second = await open("node-server.mjs", store.url, path);
  expect(await second.ask()).toBe("old");
});

test("the override file beats a store that cannot be reached, and goes again with the file", async () => {
  const store = await openStore();
  const path = file("override.json");
  const host = await open("node-server.mjs", store.url, file("last-known-2.json"), path);
  await becomes(host, "new");
  await store.stop();
  expect(await host.ask()).toBe("new");
  writeFileSync(path, '{"new-checkout": false}');
  await becomes(host, "old");
  rmSync(path);
  await becomes(host, "new");
});

test("with the store down and SLIPWAY_FLAGS_BOOTSTRAP set, the first answers are the bootstrap's", async () => {
  const store = await openStore();
  await store.stop();
  const path = file("bootstrap.json");
  writeFileSync(path, JSON.stringify(makeDocument(on)));
  vi.stubEnv("SLIPWAY_FLAGS_BOOTSTRAP", path);
  const host = await open("node-server.mjs", store.url).finally(() => vi.unstubAllEnvs());
  expect(await host.ask()).toBe("new");
});

describe("a program that has nothing else to do ends", () => {
  const run = (...args: readonly string[]) =>
    new Promise<{ code: number | null; out: string; ms: number }>((resolve) => {
      const started = performance.now();
      const script = fileURLToPath(new URL("../../testing/hosts/ends-by-itself.mjs", import.meta.url));
      const child = spawn(process.execPath, [script, ...args], { stdio: ["ignore", "pipe", "inherit"] });
      let out = "";
      child.stdout.on("data", (data: Buffer) => {
        out += data.toString();
      });
      // Not "exit": what it printed may come after that.
      child.once("close", (code) => resolve({ code, out: out.trim(), ms: performance.now() - started }));
    });

  test.each(["", "close"])("with the store up, down and swallowing (%s)", async (close) => {
    const store = await openStore();
    expect(await run(store.url, "60000", close)).toMatchObject({ code: 0, out: "READY" });
    await store.stop();
    expect(await run(store.url, "300", close)).toMatchObject({ code: 0, out: "NOT_READY" });
    await store.swallow();
    const swallowed = await run(store.url, "300", close);
    expect(swallowed).toMatchObject({ code: 0, out: "NOT_READY" });
    expect(swallowed.ms).toBeLessThan(60_000);
  });
});

import { once } from "node:events";
import { readFileSync, statSync, writeFileSync } from "node:fs";
import { Agent, createServer, type IncomingMessage, request } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type ScratchTarget, scratchTarget } from "../../../testing/scratch-target.ts";
import { tinyService } from "../../../testing/tiny-service.ts";
import type { RunningInstance } from "../../target.ts";
import { askHttp } from "../ask-http.ts";
import type { RouterAccess } from "./router-files.ts";

let scratch: ScratchTarget;
let a: RunningInstance;
let b: RunningInstance;
const dead = { id: "tiny-dead", address: "http://127.0.0.1:9" } as RunningInstance;

beforeAll(async () => {
  scratch = await scratchTarget();
  a = await scratch.target.start(await tinyService(scratch.store, "1.0.0"));
  b = await scratch.target.start(await tinyService(scratch.store, "2.0.0"));
});
afterAll(() => scratch.remove());

const ask = (
  path: string,
  options: { method?: string; body?: string; headers?: Record<string, string> } = {},
) => askHttp(scratch.url + path, { timeoutMs: 30_000, ...options });
const version = async () => JSON.parse((await ask("/")).body).version;
const counters = async (id: string) => (await scratch.target.traffic()).counters[id];
const access = () =>
  JSON.parse(readFileSync(join(scratch.folder, "router", "router.json"), "utf8")) as RouterAccess;

function openWebSocket(): Promise<WebSocket> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(scratch.url.replace("http", "ws"));
    socket.addEventListener("open", () => resolve(socket));
    socket.addEventListener("error", () => reject(new Error("the handshake failed")));
  });
}

describe("the router", () => {
  test("is down before the first routes, and serves them after", async () => {
    expect(await scratch.target.traffic()).toEqual({
      running: false,
      address: null,
      routes: [],
      counters: {},
    });
    const state = await scratch.routeTo([a, 100]);
    expect(state).toMatchObject({ running: true, address: scratch.url });
    expect(state.routes[0]?.backends).toEqual([{ instance: a.id, address: a.address, weight: 100 }]);
    expect(await version()).toBe("1.0.0");
  });

  test("passes method, query, body and status through, and tells who answered", async () => {
    await scratch.routeTo([a, 1]);
    const posted = await ask("/echo?x=1", { method: "POST", body: "p".repeat(300_000) });
    expect(JSON.parse(posted.body)).toEqual({ version: "1.0.0", method: "POST", body: "p".repeat(300_000) });
    const seen = JSON.parse((await ask("/headers?x=1", { headers: { "x-own": "kept" } })).body);
    expect(seen.url).toBe("/headers?x=1");
    expect(seen.headers).toMatchObject({
      "x-own": "kept",
      "x-forwarded-for": "127.0.0.1",
      "x-forwarded-host": `127.0.0.1:${scratch.port}`,
    });
    const response = await fetch(`${scratch.url}/`);
    expect(response.headers.get("x-slipway-instance")).toBe(a.id);
    expect((await ask("/", { method: "HEAD" })).body).toBe("");
  });

  test("keeps a client's connection although it opens one to the backend each time", async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const ports = new Set<number | undefined>();
    for (let turn = 0; turn < 3; turn++) {
      const asked = request(`${scratch.url}/headers`, { agent }).end();
      const [response] = (await once(asked, "response")) as [IncomingMessage];
      ports.add(response.socket.localPort);
      const body = Buffer.concat(await response.toArray()).toString();
      expect(JSON.parse(body).headers.connection).toBe("close");
    }
    agent.destroy();
    expect(ports.size).toBe(1);
  });

  test("sends requests to backends in the proportion of their weights", async () => {
    await scratch.routeTo([a, 75], [b, 25]);
    const seen: string[] = [];
    for (let turn = 0; turn < 20; turn++) seen.push(await version());
    expect(seen.filter((one) => one === "2.0.0")).toHaveLength(5);
  });

  test("passes parts of an answer on as they come, and a client's going away too", async () => {
    await scratch.routeTo([a, 1]);
    const asked = request(`${scratch.url}/endless`).end();
    const [response] = (await once(asked, "response")) as [IncomingMessage];
    const [first] = await once(response, "data");
    expect(String(first)).toBe("1.0.0 begins\n");
    await expect.poll(async () => (await counters(a.id))?.inflight).toBe(1);
    const { failures } = (await counters(a.id)) ?? { failures: -1 };
    response.destroy();
    await expect.poll(async () => (await counters(a.id))?.inflight).toBe(0);
    expect((await counters(a.id))?.failures).toBe(failures);
  });

  test("counts 5xx and broken answers as failures, and lets a broken answer look broken", async () => {
    await scratch.routeTo([b, 1]);
    const before = (await counters(b.id))?.failures ?? 0;
    expect((await ask("/fail")).status).toBe(500);
    await expect(ask("/break")).rejects.toThrow();
    await expect.poll(async () => (await counters(b.id))?.failures).toBe(before + 2);
  });

  test("says 503 with Retry-After when nothing takes traffic, and 404 when no service takes the path", async () => {
    await scratch.routeTo([a, 0]);
    const response = await fetch(`${scratch.url}/`);
    expect([response.status, response.headers.get("retry-after")]).toEqual([503, "1"]);
    expect(await response.json()).toMatchObject({ error: "NO_BACKEND" });
    const backends = [{ instance: a.id, address: a.address, weight: 1 }];
    await scratch.target.route([{ service: "tiny", path: "/api", backends }]);
    expect((await ask("/")).status).toBe(404);
    expect(JSON.parse((await ask("/api/x")).body).version).toBe("1.0.0");
  });

  test("says 502 when the only backend refuses the connection", async () => {
    await scratch.routeTo([dead, 1]);
    const answer = await ask("/");
    expect(answer.status).toBe(502);
    expect(JSON.parse(answer.body)).toMatchObject({
      error: "BACKEND_FAILED",
      message: expect.stringContaining("refused"),
    });
    await expect.poll(() => counters(dead.id)).toEqual({ inflight: 0, requests: 1, failures: 1, retried: 0 });
  });

  test("offers a request that may be repeated to one other backend, visibly, and no other request", async () => {
    await scratch.routeTo([dead, 1], [a, 1]);
    const before = (await counters(dead.id)) ?? { failures: 0, retried: 0 };
    for (let turn = 0; turn < 4; turn++) expect((await ask("/")).status).toBe(200);
    const after = (await counters(dead.id)) ?? { failures: 0, retried: 0 };
    expect(after.retried - before.retried).toBeGreaterThan(0);
    expect(after.failures - before.failures).toBe(after.retried - before.retried);
    const posts: number[] = [];
    for (let turn = 0; turn < 4; turn++)
      posts.push((await ask("/echo", { method: "POST", body: "x" })).status);
    expect(posts.filter((status) => status === 502)).toHaveLength(2);
    expect((await counters(dead.id))?.retried).toBe(after.retried);
  });

  test("carries WebSockets, and draining waits for them", async () => {
    await scratch.routeTo([a, 1]);
    const socket = await openWebSocket();
    const answered = once(socket as never, "message") as Promise<[MessageEvent]>;
    socket.send("who?");
    expect((await answered)[0].data).toBe("1.0.0");
    expect(await scratch.target.drain(a.id, { deadlineMs: 100 })).toBe(1);
    const drained = scratch.target.drain(a.id, { deadlineMs: 60_000 });
    socket.close();
    expect(await drained).toBe(0);
  });

  test("answers a WebSocket that cannot be carried, and other upgrades as plain requests", async () => {
    await scratch.routeTo([dead, 1]);
    await expect(openWebSocket()).rejects.toThrow("handshake");
    await expect.poll(async () => (await counters(dead.id))?.inflight).toBe(0);
    const answered = await new Promise<string>((resolve) => {
      const socket = connect(scratch.port, "127.0.0.1");
      socket.write(
        "GET / HTTP/1.1\r\nhost: x\r\nconnection: Upgrade\r\nupgrade: websocket\r\nsec-websocket-key: k\r\n\r\n",
      );
      socket.once("data", (data) => resolve(String(data)));
    });
    expect(answered).toContain("HTTP/1.1 502 Bad Gateway");
    await scratch.routeTo([a, 1]);
    const h2c = await ask("/", {
      headers: { connection: "Upgrade, HTTP2-Settings", upgrade: "h2c", "http2-settings": "x" },
    });
    expect(h2c.status).toBe(200);
  });

  test("survives backends that do not speak proper HTTP", async () => {
    const broken = createServer().on("connection", (socket) => {
      socket.once("data", () => socket.end("HTTP/1.1 099 \x01\r\ncontent-length: 2\r\n\r\nok"));
    });
    broken.listen(0, "127.0.0.1");
    await once(broken, "listening");
    const { port } = broken.address() as AddressInfo;
    await scratch.routeTo([{ ...dead, id: "odd", address: `http://127.0.0.1:${port}` }, 1]);
    expect((await ask("/")).status).toBe(502);
    await expect.poll(async () => (await counters("odd"))?.failures).toBe(1);
    broken.close();
    await scratch.routeTo([a, 1]);
    expect(await version()).toBe("1.0.0");
  });
});

describe("the router's control", () => {
  test("needs the token, which only the owner can read", async () => {
    const { admin } = access();
    expect(statSync(join(scratch.folder, "router", "router.json")).mode & 0o777).toBe(0o600);
    expect((await askHttp(`${admin}/status`, { timeoutMs: 30_000 })).status).toBe(401);
    const headers = { authorization: "Bearer x" };
    expect(
      (await askHttp(`${admin}/routes`, { timeoutMs: 30_000, method: "PUT", body: "{}", headers })).status,
    ).toBe(401);
    expect(readFileSync(join(scratch.folder, "router", "log"), "utf8")).not.toContain(access().token);
  });

  test("refuses routes that cannot be served, and goes on with those it has", async () => {
    const state = await scratch.routeTo([a, 1]);
    await expect(scratch.routeTo([{ ...a, address: "" }, 1])).rejects.toMatchObject({
      code: "ROUTER_FAILED",
      message: expect.stringContaining("no address"),
    });
    expect((await scratch.target.traffic()).routes).toEqual(state.routes);
  });

  test("starts a router that was killed on the same port, which serves the last routes at once", async () => {
    await scratch.routeTo([b, 1]);
    const [pid = ""] = readFileSync(join(scratch.folder, "router", `${access().launch}.pid`), "utf8").split(
      "\n",
    );
    process.kill(Number(pid), "SIGKILL");
    await expect.poll(async () => (await scratch.target.traffic()).running).toBe(false);
    const stopped = await scratch.target.traffic();
    expect(stopped).toMatchObject({ address: null, routes: [{ backends: [{ instance: b.id }] }] });
    expect(await scratch.target.drain(b.id, { deadlineMs: 60_000 })).toBe(0);
    expect(await scratch.target.route(stopped.routes)).toMatchObject({ running: true, address: scratch.url });
    expect(await version()).toBe("2.0.0");
  });

  test("starts a router whose stored routes are damaged", async () => {
    const { launch } = access();
    const [pid = ""] = readFileSync(join(scratch.folder, "router", `${launch}.pid`), "utf8").split("\n");
    process.kill(Number(pid), "SIGKILL");
    writeFileSync(join(scratch.folder, "router", "routes.json"), "{");
    await expect.poll(async () => (await scratch.target.traffic()).running).toBe(false);
    await scratch.routeTo([a, 1]);
    expect(await version()).toBe("1.0.0");
  });
});

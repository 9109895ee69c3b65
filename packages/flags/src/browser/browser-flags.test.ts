import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { makeDocument, makeFlag } from "../../testing/make-flag.ts";
import { FlagClient } from "../client/flag-client.ts";
import { flagsHandler } from "../edge/flags-handler.ts";
import { type BrowserFlags, type BrowserFlagsOptions, browserFlags } from "./browser-flags.ts";

const rules = [
  { constraints: [{ attribute: "plan", operator: "IN", values: ["pro", "enterprise-secret"] }] },
];
let server: FlagClient;
let answer: (request: Request) => Promise<Response>;
let statuses: number[] = [];
const pages: BrowserFlags[] = [];

const page = (options: Partial<BrowserFlagsOptions> = {}) => {
  const flags = browserFlags({ url: "https://shop.test/flags", pollMs: 0, storage: null, ...options });
  pages.push(flags);
  return flags;
};
const use = (...flags: Parameters<typeof makeFlag>[]) => {
  server = new FlagClient({ bootstrap: makeDocument(flags.map((flag) => makeFlag(...flag))) });
  answer = flagsHandler({ flags: server, keys: ["f", "algo", "unknown"] });
};
const memory = () => {
  const kept = new Map<string, string>();
  return {
    kept,
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
  };
};

beforeEach(() => {
  use(["f", { rules }], ["algo", { variants: [{ name: "fast", weight: 1, value: "v2" }] }], ["internal"]);
  statuses = [];
  vi.stubGlobal("fetch", async (url: string, init: RequestInit) => {
    const response = await answer(new Request(url, init));
    statuses.push(response.status);
    return response;
  });
});
afterEach(() => {
  for (const flags of pages.splice(0)) flags.close();
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

describe("the edge handler", () => {
  const ask = (headers: Record<string, string> = {}, method = "GET") =>
    answer(new Request("https://shop.test/flags", { headers, method }));

  test("gives out values of the listed flags, and nothing of rules, ids, reasons or other flags", async () => {
    const response = await ask();
    expect(await response.json()).toEqual({ f: [false], algo: ["v2", "fast"] });
    expect(response.headers.get("cache-control")).toBe("private, no-cache");
  });

  test("answers 304 without a body while nothing changed, and 200 after a kill", async () => {
    const etag = (await ask()).headers.get("etag")!;
    const again = await ask({ "if-none-match": `W/${etag}, "x"` });
    expect([again.status, await again.text()]).toEqual([304, ""]);
    use(["algo", { killed: true }, { safeValue: "v1" }]);
    expect((await ask({ "if-none-match": etag })).status).toBe(200);
  });

  test("does not believe a browser who it is, unless the application says so", async () => {
    use(["f", { rules: [{ userIds: ["admin"] }] }]);
    const claim = { "flag-context": encodeURIComponent('{"userId":"admin","targetingKey":"admin"}') };
    expect(await (await ask(claim)).json()).toEqual({ f: [false] });
    answer = flagsHandler({ flags: server, keys: ["f"], context: (_, claimed) => claimed });
    expect(await (await ask(claim)).json()).toEqual({ f: [true] });
  });

  test.each(["%", "[]", "null", "7", "text"])("refuses %j as a context", async (header) => {
    expect((await ask({ "flag-context": header })).status).toBe(400);
  });

  test("takes GET and HEAD only", async () => {
    expect((await ask({}, "POST")).status).toBe(405);
    expect(await (await ask({}, "HEAD")).text()).toBe("");
  });
});

describe("the browser's client", () => {
  test("asks with its context, and again with the ETag", async () => {
    const flags = page({ context: { plan: "pro", città: "Zürich" } });
    expect(flags.isOn("f", true)).toBe(true);
    expect(await flags.refresh()).toBe(true);
    expect([flags.isOn("f"), flags.value("algo", "v1"), flags.value("algo", 7), flags.fresh()]).toEqual([
      true,
      "v2",
      7,
      true,
    ]);
    await flags.refresh();
    expect(statuses).toEqual([200, 304]);
    expect(flags.get("algo")).toEqual(["v2", "fast"]);
  });

  test("starts with what the server rendered, and then with what it was told last", async () => {
    const storage = memory();
    const first = page({ bootstrap: { f: [true] }, storage });
    expect(first.isOn("f")).toBe(true);
    await first.refresh();
    expect(page({ storage }).value("algo", "v1")).toBe("v2");
    expect(page({ storage, context: { plan: "pro" } }).value("algo", "v1")).toBe("v1");
    expect([...storage.kept.values()].join()).not.toContain("enterprise-secret");
  });

  test("keeps what it knows when the answer is an error, a page, or none", async () => {
    const flags = page();
    await flags.refresh();
    const bad = [
      new Response("no", { status: 500 }),
      new Response("<html>"),
      Response.json([1]),
      Response.json({ f: true }),
    ];
    for (const response of bad) {
      answer = async () => response;
      expect(await flags.refresh()).toBe(false);
    }
    answer = () => Promise.reject(new TypeError("offline"));
    expect(await flags.refresh()).toBe(false);
    expect(flags.value("algo", "v1")).toBe("v2");
  });

  test("another user starts from nothing, and hears what changed", async () => {
    const flags = page();
    await flags.refresh();
    const heard: (readonly string[])[] = [];
    flags.subscribe((changed) => heard.push(changed));
    const asked = flags.identify({ plan: "pro" });
    expect(flags.get("algo")).toBeUndefined();
    await asked;
    expect(flags.isOn("f")).toBe(true);
    expect(heard).toEqual([["f", "algo"]]);
  });

  test("an answer for the former user that comes late is not taken", async () => {
    const flags = page({ context: { plan: "pro" } });
    const slow = Promise.withResolvers<void>();
    const real = answer;
    answer = async (request) => {
      const response = await real(request);
      await slow.promise;
      return response;
    };
    const late = flags.refresh();
    answer = real;
    await flags.identify({});
    slow.resolve();
    expect(await late).toBe(false);
    expect(flags.isOn("f")).toBe(false);
  });

  test("a storage that throws or is damaged is no reason to go without", async () => {
    const getItem = () => "{";
    const setItem = () => {
      throw new Error("quota");
    };
    const flags = page({ storage: { getItem, setItem } });
    expect(await flags.refresh()).toBe(true);
    expect(flags.isOn("constructor")).toBe(false);
  });

  test("polls while the page is seen, not while it is hidden, and at once when it is seen again", async () => {
    vi.useFakeTimers();
    const document = Object.assign(new EventTarget(), { visibilityState: "visible" });
    vi.stubGlobal("document", document);
    const flags = page({ pollMs: 1_000 });
    await vi.advanceTimersByTimeAsync(3_400);
    expect(statuses.length).toBe(3);
    document.visibilityState = "hidden";
    await vi.advanceTimersByTimeAsync(10_000);
    expect(statuses.length).toBe(3);
    document.visibilityState = "visible";
    document.dispatchEvent(new Event("visibilitychange"));
    await vi.advanceTimersByTimeAsync(1);
    expect(statuses.length).toBe(4);
    flags.close();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(statuses.length).toBe(4);
    expect(vi.getTimerCount()).toBe(0);
  });
});

test("the browser's client is at most 3 kB, minified and gzipped", async () => {
  const entryPoints = [fileURLToPath(new URL("./index.ts", import.meta.url))];
  const { outputFiles } = await build({
    entryPoints,
    bundle: true,
    minify: true,
    format: "esm",
    target: "es2020",
    write: false,
  });
  const bytes = gzipSync(outputFiles[0]!.contents).length;
  expect(bytes).toBeGreaterThan(500);
  expect(bytes).toBeLessThanOrEqual(3_000);
});

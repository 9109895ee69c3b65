import { describe, expect, test } from "vitest";
import { z } from "zod";
import { fakeClock } from "../../testing/fake-clock.ts";
import { fakeTransport } from "../../testing/fake-transport.ts";
import type { HttpCheck } from "../definition/http-checks.ts";
import type { Check, Suite } from "../definition/suite.ts";
import { runSmoke, type SmokeOptions } from "../engine/run-smoke.ts";
import { percentileOf } from "./samples.ts";

type Replies = Parameters<typeof fakeTransport>[0];

async function check(one: Check, replies: Replies, more: Partial<Suite> = {}, options: SmokeOptions = {}) {
  const suite = { services: { api: { address: "http://api.test" } }, ...more, checks: [one] };
  const transport = fakeTransport(replies);
  const report = await runSmoke(suite, { clock: fakeClock(), random: () => 0, transport, ...options });
  return { report, check: report.checks[0]!, requests: transport.requests };
}

describe("a body", () => {
  const body = { id: 7, tags: ["a"] };

  test("is judged by a Standard Schema", async () => {
    const right = { expect: { schema: z.object({ id: z.number(), tags: z.array(z.string()) }) } };
    expect((await check({ path: "/", ...right }, { "/": { body } })).check.verdict).toBe("pass");
    const wrong = await check({ path: "/", ...right }, { "/": { body: { id: 7, tags: [1] } } });
    expect(wrong.check).toMatchObject({ verdict: "fail", failure: "assertion" });
    expect(wrong.check.message).toContain("schema $.tags[0]");
  });

  test("is judged by a JSON Schema", async () => {
    const schema = { type: "object", required: ["id"], properties: { id: { type: "string" } } };
    const { check: wrong } = await check({ path: "/", expect: { schema } }, { "/": { body } });
    expect(wrong.message).toContain("schema $.id: expected valid");
  });
});

describe("a request that changes something", () => {
  const order: HttpCheck = {
    path: "/orders",
    method: "POST",
    body: { item: 1 },
    mutating: true,
    expect: { status: 201 },
    capture: { id: "$.id" },
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a suite's own placeholder.
    cleanUp: { path: "/orders/${capture.id}", method: "DELETE" },
  };
  const created = { "/orders": { status: 201, body: { id: 42 } } };
  const done = { status: 204, body: "" };

  test("must say so", async () => {
    const { mutating: _mutating, cleanUp: _cleanUp, ...unsaid } = order;
    const { report, requests } = await check(unsaid, created);
    expect(report.verdict).toBe("error");
    expect(report.sentence).toContain("POST may change something: write mutating: true");
    expect(requests).toHaveLength(0);
  });

  test("is undone with what its answer gave", async () => {
    const { check: seen, requests } = await check(order, { ...created, "/orders/42": done });
    expect(seen.verdict).toBe("pass");
    expect(requests.map(({ method, url }) => `${method} ${url}`)).toEqual([
      "POST http://api.test/orders",
      "DELETE http://api.test/orders/42",
    ]);
  });

  test("is undone when the answer was wrong, too", async () => {
    const wrong = { ...order, expect: { status: 201, json: { "$.state": "new" } } };
    const { check: seen, requests } = await check(wrong, { ...created, "/orders/42": done });
    expect(seen.verdict).toBe("fail");
    expect(requests).toHaveLength(2);
  });

  test("fails when it cannot be undone: what it left behind has to be known", async () => {
    const { check: seen } = await check(order, { ...created, "/orders/42": { status: 500, body: "no" } });
    expect(seen).toMatchObject({
      verdict: "fail",
      message: "clean-up status: expected 200 or 202 or 204 or 404, seen 500 no",
    });
    const { check: lost } = await check(order, { "/orders": { status: 201, body: {} } });
    expect(lost.message).toContain("clean-up: expected done, seen the answer gave no capture.id");
  });

  test("is made once, unless a retry is written", async () => {
    const { requests } = await check(
      { ...order, capture: {}, cleanUp: { path: "/orders", method: "DELETE" } },
      {
        "/orders": { status: 503, body: "busy" },
      },
    );
    expect(requests.filter(({ method }) => method === "POST")).toHaveLength(1);
  });

  test("is undone when the run is stopped in the middle of it", async () => {
    const stop = new AbortController();
    const seen: string[] = [];
    const report = await runSmoke(
      {
        services: { api: { address: "http://api.test" } },
        checks: [{ ...order, capture: {}, cleanUp: { path: "/orders", method: "DELETE" } }],
      },
      {
        signal: stop.signal,
        transport: async ({ method, signal }) => {
          seen.push(method);
          if (method === "DELETE") return { status: 204, headers: {}, body: "", cut: false };
          stop.abort(new Error("stopped by SIGTERM"));
          return new Promise((_resolve, reject) =>
            signal.addEventListener("abort", () => reject(signal.reason)),
          );
        },
      },
    );
    expect(seen).toEqual(["POST", "DELETE"]);
    expect(report.verdict).toBe("error");
  });
});

describe("a percentile", () => {
  test("is the nearest rank", () => {
    const numbers = Array.from({ length: 100 }, (_, at) => at + 1).reverse();
    expect([50, 95, 99, 100].map((p) => percentileOf(numbers, p))).toEqual([50, 95, 99, 100]);
    expect(percentileOf([10, 20, 30, 40], 50)).toBe(20);
  });

  const samples = { times: 20, percentile: 95, within: "50ms" };

  test("asks as often as it says", async () => {
    const { check: seen, requests } = await check({ path: "/", samples }, { "/": { body: {} } });
    expect(seen).toMatchObject({ verdict: "pass", message: "p95 of 20 0 ms" });
    expect(requests).toHaveLength(20);
  });

  test("of too few samples is refused", async () => {
    const { report } = await check({ path: "/", samples: { ...samples, times: 19 } }, {});
    expect(report.sentence).toContain("the 95th percentile needs at least 20 samples, not 19");
  });

  test("of answers that are wrong fails at the first of them", async () => {
    const replies = { "/": [{ body: {} }, { status: 500, body: "oh" }] };
    const { check: seen, requests } = await check({ path: "/", samples }, replies);
    expect(seen.message).toContain("sample 2 of 20: status");
    expect(requests).toHaveLength(2);
  });
});

describe("two vantage points", () => {
  const services = { api: { address: "http://inside.test", public: "https://shop.test" } };

  test("make two checks of one", async () => {
    const { report, requests } = await check(
      { path: "/healthz", at: "both" },
      { "/healthz": { body: {} } },
      { services },
    );
    expect(report.checks.map(({ name }) => name)).toEqual(["api /healthz (inside)", "api /healthz (public)"]);
    expect(requests.map(({ url }) => url)).toEqual([
      "http://inside.test/healthz",
      "https://shop.test/healthz",
    ]);
  });

  test("must answer as the same version", async () => {
    const transport = async ({ url }: { readonly url: string }) => {
      const version = url.startsWith("https:") ? "1.1.0" : "1.2.0";
      return { status: 200, headers: {}, body: JSON.stringify({ version }), cut: false };
    };
    const sources = [{ path: "/meta", at: "both" as const }];
    const { check: seen } = await check({ kind: "version", sources }, {}, { services }, { transport });
    expect(seen).toMatchObject({ verdict: "fail", failure: "assertion" });
    expect(seen.message).toContain("api /meta (inside) 1.2.0, api /meta (public) 1.1.0");
  });
});

describe("versions", () => {
  const replies: Replies = {
    "/healthz": { headers: { "x-version": "v2.0.0" }, body: {} },
    "/meta": { body: { app: { version: "2.0.0", commit: "abcdef0123456789" } } },
    "/openapi.json": { body: { openapi: "3.1.0", info: { version: "2.0.0" } } },
    "/": {
      body: '<html><meta content="2.0.0" name="app-version"></html>',
      headers: { "content-type": "text/html" },
    },
    "/robots.txt": { body: "build: 2.0.0" },
    "/old": { body: { version: "1.9.0" } },
  };
  const everywhere = [
    { path: "/healthz", version: { header: "X-Version" } },
    { path: "/meta", version: "$.app.version", commit: "$.app.commit" },
    { path: "/openapi.json", version: { json: "$.info.version" } },
    { path: "/", version: { meta: "app-version" } },
    { path: "/robots.txt", version: { pattern: "build: (\\S+)" } },
  ];

  test("are read from JSON, a header, a page and a text, and agree whatever their v", async () => {
    const sources = everywhere;
    const { check: seen } = await check({ kind: "version", sources, commit: "abcdef0" }, replies);
    expect(seen.verdict).toBe("pass");
  });

  test("that agree with each other and not with the pin fail everywhere", async () => {
    const expected = { release: "2.0.1" };
    const sources = everywhere.map(({ commit: _commit, ...source }) => source);
    const { check: seen } = await check({ kind: "version", sources }, replies, { expected });
    expect(seen.findings.filter(({ ok }) => !ok)).toHaveLength(5);
  });

  test("of which one differs fail, and the report says which", async () => {
    const sources = [{ path: "/meta", version: "$.app.version" }, { path: "/old" }];
    const { check: seen } = await check({ kind: "version", sources }, replies);
    expect(seen.message).toBe(
      "agreement: expected one version everywhere, seen api /meta 2.0.0, api /old 1.9.0",
    );
  });

  test("cannot be compared with nothing", async () => {
    const { report } = await check({ kind: "version", sources: [{ path: "/old" }] }, replies);
    expect(report).toMatchObject({ verdict: "error", counts: { checks: 0 } });
  });
});

describe("an edge function", () => {
  const one = { kind: "function", path: "/functions/v1/hello", key: "anon-key-of-the-test" } as const;

  test("must refuse a caller without the key", async () => {
    const open = await check(one, { "/functions/v1/hello": { body: {} } });
    expect(open.check.message).toContain("without key: expected 401 or 403, seen 200");
    const guarded = await check(
      one,
      {},
      {},
      {
        transport: async ({ headers }) => {
          const status = headers.authorization === undefined ? 401 : 200;
          return { status, headers: {}, body: "{}", cut: false };
        },
      },
    );
    expect(guarded.check.verdict).toBe("pass");
  });

  test("that is not deployed, or does not boot, is told apart from one that answers wrongly", async () => {
    const body = { code: "BOOT_ERROR", message: "Function failed to start" };
    const { check: seen } = await check(
      { ...one, refusesWithoutKey: false, retry: false },
      { "/functions/v1/hello": { status: 503, body } },
    );
    expect(seen.message).toBe("status: expected 200, seen 503: it does not boot");
  });
});

describe("a static site", () => {
  const page =
    '<html><meta name="build" content="b42"><script src="/app.js"></script><link rel="stylesheet" href="/app.css">';
  const html = { "content-type": "text/html; charset=utf-8" };
  const replies: Replies = {
    "/": { headers: html, body: page },
    "/app.js": { headers: { "content-type": "text/javascript" }, body: "1" },
    "/app.css": { headers: { "content-type": "text/css" }, body: "a{}" },
  };

  test("is the page of the build and everything that it loads", async () => {
    const { check: seen } = await check({ kind: "site", build: "b42", missing: "/no-such-page" }, replies);
    expect(seen).toMatchObject({ verdict: "pass" });
    expect(seen.message).toContain("assets 2 there");
  });

  test("with the page of another build fails", async () => {
    const { check: seen } = await check({ kind: "site", build: "b43" }, replies);
    expect(seen.message).toBe("build: expected b43, seen b42");
  });

  test("whose script is a page fails: the new page with the old files is half a deploy", async () => {
    const { check: seen } = await check(
      { kind: "site", build: "b42" },
      { ...replies, "/app.js": { headers: html, body: page } },
    );
    expect(seen.message).toBe("asset /app.js: expected 200, not a page, seen 200 text/html");
  });
});

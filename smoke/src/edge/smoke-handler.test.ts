import { describe, expect, test } from "vitest";
import { fakeClock } from "../../testing/fake-clock.ts";
import { fakeTransport } from "../../testing/fake-transport.ts";
import type { Suite } from "../definition/suite.ts";
import type { SmokeReport } from "../engine/report.ts";
import { type SmokeHandlerOptions, smokeHandler } from "./smoke-handler.ts";

const token = "not-a-real-token-0123456789";
const suite: Suite = {
  services: { api: { address: "http://api.test" } },
  suites: { e2e: { tags: ["e2e"] } },
  checks: [
    { path: "/healthz", expect: { health: true } },
    { path: "/e2e", tags: ["e2e"] },
  ],
};

function handler(options: Partial<SmokeHandlerOptions> = {}) {
  const transport = fakeTransport({ "/healthz": { body: { status: "ok" } }, "/e2e": { body: {} } });
  const clock = fakeClock(1_000);
  const handle = smokeHandler(suite, { token, transport, clock, ...options });
  const ask = (url = "https://edge.test/smoke", init: RequestInit = {}) =>
    handle(new Request(url, { headers: { authorization: `Bearer ${token}` }, ...init }));
  return { ask, transport, clock };
}

describe("the edge handler", () => {
  test("runs the suite and answers the report", async () => {
    const response = await handler().ask();
    expect(response.status).toBe(200);
    expect(response.headers.get("cache-control")).toBe("no-store");
    expect((await response.json()) as SmokeReport).toMatchObject({ slipway: "smoke", verdict: "pass" });
  });

  test("answers 503 for anything but a pass", async () => {
    const { ask } = handler({ transport: fakeTransport({}) });
    const response = await ask();
    expect(response.status).toBe(503);
    expect((await response.json()) as SmokeReport).toMatchObject({ verdict: "fail" });
  });

  test.each([
    ["no token", {}],
    ["a wrong one", { headers: { authorization: `Bearer ${token}x` } }],
    ["another scheme", { headers: { authorization: `Basic ${token}` } }],
  ])("lets nobody in with %s, and asks nothing", async (_what, init) => {
    const { ask, transport } = handler();
    const response = await ask(undefined, { headers: {}, ...init });
    expect(response.status).toBe(401);
    expect(transport.requests).toHaveLength(0);
  });

  test.each([undefined, "", "short"])("lets nobody in when its token is %j", async (set) => {
    const { ask, transport } = handler({ token: set });
    expect((await ask(undefined, { headers: { authorization: `Bearer ${set}` } })).status).toBe(503);
    expect(transport.requests).toHaveLength(0);
  });

  test("takes nothing but GET", async () => {
    expect(
      (await handler().ask(undefined, { method: "POST", headers: { authorization: `Bearer ${token}` } }))
        .status,
    ).toBe(405);
  });

  test("runs a part of the suite", async () => {
    const { ask, transport } = handler();
    await ask("https://edge.test/smoke?suite=e2e");
    await ask("https://edge.test/smoke?tag=e2e");
    expect(transport.requests.map(({ url }) => new URL(url).pathname)).toEqual(["/e2e", "/e2e"]);
    const unknown = await ask("https://edge.test/smoke?suite=none");
    expect([unknown.status, ((await unknown.json()) as SmokeReport).verdict]).toEqual([503, "error"]);
  });

  test("shares one run between calls at the same time, and gives it out for some seconds", async () => {
    const { ask, transport, clock } = handler();
    await Promise.all([ask(), ask(), ask()]);
    await ask();
    expect(transport.requests).toHaveLength(2);
    await clock.sleep(5_001);
    await ask();
    expect(transport.requests).toHaveLength(4);
  });

  test("refuses to run too often, says when again, and recovers", async () => {
    const { ask, clock } = handler({ perMinute: 2, cache: 0 });
    expect([(await ask()).status, (await ask()).status]).toEqual([200, 200]);
    const refused = await ask();
    expect([refused.status, refused.headers.get("retry-after")]).toEqual([429, "30"]);
    await clock.sleep(30_000);
    expect((await ask()).status).toBe(200);
  });
});

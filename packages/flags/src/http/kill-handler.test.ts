import { describe, expect, test } from "vitest";
import { type KillHandlerOptions, killHandler } from "./kill-handler.ts";
import { signRequest } from "./sign-request.ts";

const secret = "scratch-".repeat(5);
const NOW = 1_800_000_000_000;
const URL_ = "https://shop.test/flags/kill";

function setUp(options: Partial<KillHandlerOptions> = {}) {
  const killed: unknown[] = [];
  const handler = killHandler({
    secret,
    kill: async (request) => void killed.push(request),
    now: () => NOW,
    ...options,
  });
  return { handler, killed };
}

async function signed(
  body: unknown,
  change: { at?: number; secret?: string; path?: string; sent?: string } = {},
) {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  const bytes = new TextEncoder().encode(text);
  const request = { method: "POST", path: change.path ?? "/flags/kill", body: bytes };
  const signature = await signRequest(request, change.secret ?? secret, change.at ?? NOW);
  const headers = { "slipway-signature": signature };
  return new Request(URL_, { method: "POST", body: change.sent ?? text, headers });
}

test("a signed request kills, and says so", async () => {
  const { handler, killed } = setUp();
  const response = await handler(await signed({ key: "new-checkout", reason: "errors", actor: "pager" }));
  expect([response.status, await response.json()]).toEqual([200, { killed: "new-checkout" }]);
  expect(killed).toEqual([{ key: "new-checkout", reason: "errors", actor: "pager" }]);
});

test("the signature is the one that the documentation describes", async () => {
  const body = new TextEncoder().encode('{"key":"a"}');
  expect(await signRequest({ method: "POST", path: "/k", body }, "0".repeat(32), 1)).toBe(
    "t=1,v1=e33f9b18b7e76a84279f55d6b6cb72a4d0cad4bbad75950ecc7afd4ded61601c",
  );
});

describe("nothing is killed by a request", () => {
  test.each([
    ["with another secret", { secret: "x".repeat(32) }],
    ["for another path", { path: "/flags/other" }],
    ["with another body", { sent: '{"key":"b"}' }],
    ["of six minutes ago", { at: NOW - 360_000 }],
    ["of six minutes ahead", { at: NOW + 360_000 }],
  ])("%s", async (_, change) => {
    const { handler, killed } = setUp();
    const response = await handler(await signed({ key: "a" }, change));
    expect(response.status).toBe(401);
    expect(killed).toEqual([]);
  });

  test.each([
    "",
    "v1=00",
    "t=1",
    `t=${NOW},v1=${"0".repeat(64)}`,
    `t=${NOW},v1=${"0".repeat(63)}`,
    "t=NaN,v1=",
  ])("with the signature %j", async (signature) => {
    const { handler, killed } = setUp();
    const headers = { "slipway-signature": signature };
    const response = await handler(new Request(URL_, { method: "POST", body: '{"key":"a"}', headers }));
    expect(response.status).toBe(401);
    expect(killed).toEqual([]);
  });

  test.each([
    ["not json", "the body is not JSON"],
    [[], "the body is not an object"],
    [{}, "key must be a text"],
    [{ key: 7 }, "key must be a text"],
    [{ key: "a", enabled: true }, '"enabled" is not known'],
    [{ key: "a", reason: 7 }, "reason must be a text"],
    [{ key: "a", actor: "" }, "actor must be a text"],
  ])("with the body %j", async (body, error) => {
    const { handler, killed } = setUp();
    const response = await handler(await signed(body));
    expect([response.status, await response.json()]).toEqual([
      400,
      { error: expect.stringContaining(error) },
    ]);
    expect(killed).toEqual([]);
  });

  test("that is a GET, or longer than 10,000 bytes", async () => {
    const { handler, killed } = setUp();
    expect((await handler(new Request(URL_))).status).toBe(405);
    expect((await handler(await signed({ key: "a", reason: "x".repeat(10_000) }))).status).toBe(413);
    expect(killed).toEqual([]);
  });
});

test("while a secret is rotated both count", async () => {
  const { handler, killed } = setUp({ secret: ["y".repeat(32), secret] });
  expect((await handler(await signed({ key: "a" }))).status).toBe(200);
  expect((await handler(await signed({ key: "b" }, { secret: "y".repeat(32) }))).status).toBe(200);
  expect(killed).toHaveLength(2);
});

test("a kill that failed is not called done, and why stays inside", async () => {
  const { handler } = setUp({ kill: () => Promise.reject(new Error("password of db.internal is wrong")) });
  const response = await handler(await signed({ key: "a" }));
  expect(response.status).toBe(503);
  expect(await response.text()).not.toContain("db.internal");
});

test("a short secret is refused when the handler is made", () => {
  expect(() => setUp({ secret: "short" })).toThrow("at least 32 characters");
});

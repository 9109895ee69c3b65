import { describe, expect, test } from "vitest";
import { parseBuildStamp, unstamped } from "./build-stamp.ts";
import { createContract } from "./contract.ts";
import { respond } from "./serve.ts";

const stamp = {
  service: "api",
  version: "1.2.0",
  commit: "c".repeat(40),
  digest: `sha256:${"a".repeat(64)}`,
};

describe("a service with the contract", () => {
  test("says that it is alive, and which build it is", async () => {
    const { answer } = createContract({ stamp });
    expect(await answer("/healthz")).toEqual({ status: 200, body: { status: "ok" } });
    expect(await answer("/meta")).toEqual({ status: 200, body: stamp });
    expect(await answer("/products")).toBeUndefined();
    expect(await answer("/constructor")).toBeUndefined();
  });

  test("is ready when everything that it needs is there, and names what is not", async () => {
    const ready = {
      database: async () => ({ rows: [] }),
      queue: () => Promise.reject(new Error("secret reason")),
    };
    const { answer } = createContract({ stamp, ready });
    expect(await answer("/readyz")).toEqual({
      status: 503,
      body: { status: "not ready", checks: { database: true, queue: false } },
    });
    const well = createContract({ stamp, ready: { database: ready.database } });
    expect(await well.answer("/readyz")).toMatchObject({ status: 200, body: { status: "ready" } });
  });

  test("is not ready while a look at what it needs hangs", async () => {
    const hangs = () => new Promise(() => undefined);
    const { answer } = createContract({ stamp, ready: { hangs }, timeoutMs: 20 });
    expect(await answer("/readyz")).toMatchObject({ status: 503, body: { checks: { hangs: false } } });
  });

  test.each([
    ["20260101000001_a", 503],
    ["20260101000002_b", 200],
    ["20260101000003_c", 200],
    ["20260101000004_d", 503],
    [null, 503],
  ])("with the schema at %s answers %i when it tolerates 2 to 3", async (head, status) => {
    const schema = { head: async () => head, min: "20260101000002_b", max: "20260101000003_c" };
    expect(await createContract({ stamp, schema }).answer("/readyz")).toMatchObject({ status });
  });

  test("is not ready any more once it drains, and still alive", async () => {
    const contract = createContract({ stamp });
    expect(await contract.answer("/readyz")).toMatchObject({ status: 200 });
    contract.drain();
    expect(await contract.answer("/readyz")).toMatchObject({ status: 503 });
    expect(await contract.answer("/healthz")).toMatchObject({ status: 200 });
  });

  test("answers nothing but GET and HEAD", async () => {
    const contract = createContract({ stamp });
    const ask = (method: string) => respond(contract, new Request("http://api.test/meta?a=1", { method }));
    expect(await (await ask("GET"))?.json()).toEqual(stamp);
    expect(await (await ask("HEAD"))?.text()).toBe("");
    expect(await ask("POST")).toBeUndefined();
  });
});

describe("a build stamp", () => {
  test("without one of its parts is refused", () => {
    const { digest: _digest, ...rest } = stamp;
    expect(() => parseBuildStamp(JSON.stringify(rest))).toThrow("has no digest");
    expect(parseBuildStamp(JSON.stringify(stamp))).toEqual(stamp);
  });

  test("that is missing can never be taken for a release's", () => {
    expect(unstamped("api").digest).not.toMatch(/^sha256:/);
  });
});

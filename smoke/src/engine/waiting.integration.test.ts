import { createServer } from "node:http";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { listen, type TestServer } from "../../testing/misbehaving-server.ts";
import { shopServer } from "../../testing/shop-server.ts";
import { runSmoke } from "./run-smoke.ts";

let shop: TestServer;
beforeAll(async () => {
  shop = await shopServer();
});
afterAll(() => shop.close());

describe("waiting", () => {
  /** A server that refuses connections, then says that it starts, then is well. */
  async function startingServer(
    refusesMs: number,
    startsMs: number,
  ): Promise<{ url: string; close(): Promise<void> }> {
    const placeholder = await listen(() => undefined);
    await placeholder.close();
    const started = performance.now();
    const server = createServer((_request, response) => {
      const well = performance.now() - started > refusesMs + startsMs;
      response.writeHead(well ? 200 : 503, { "content-type": "application/json" });
      response.end(JSON.stringify({ status: well ? "ok" : "starting" }));
    });
    const timer = setTimeout(() => server.listen(placeholder.port, "127.0.0.1"), refusesMs);
    return {
      url: placeholder.url,
      close: async () => {
        clearTimeout(timer);
        server.closeAllConnections();
        await new Promise((resolve) => server.close(resolve));
      },
    };
  }

  test("a service that gets well is noticed within 0.3 s", async () => {
    const server = await startingServer(1_500, 1_800);
    const report = await runSmoke({ checks: [{ url: `${server.url}/healthz`, expect: { health: true } }] });
    await server.close();
    expect(report).toMatchObject({ verdict: "pass", counts: { retried: 1 } });
    expect(report.ms).toBeGreaterThan(3_250);
    expect(report.ms).toBeLessThan(3_600);
  });

  test("a run in which nothing at all answers is given up early", async () => {
    const checks = [{ url: "http://127.0.0.1:1/a" }, { url: "http://127.0.0.1:1/b" }];
    const report = await runSmoke({ silence: "600ms", deadline: "30s", checks });
    expect(report.ms).toBeLessThan(1_200);
    expect(report.checks[0]?.message).toContain("given up: nothing at all answered for 600 ms");
  });

  test("and is not, when anything answers", async () => {
    const checks = [{ url: "http://127.0.0.1:1/a" }, { url: `${shop.url}/healthz` }];
    const report = await runSmoke({ silence: "300ms", deadline: "900ms", checks });
    expect(report.checks[0]?.message).toContain("the deadline came");
  });
});

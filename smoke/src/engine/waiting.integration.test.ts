import { once } from "node:events";
import { createServer } from "node:http";
import { type Clock, systemClock } from "@slipway/kernel";
import { freePort } from "@slipway/toolchain/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { TestServer } from "../../testing/misbehaving-server.ts";
import { shopServer } from "../../testing/shop-server.ts";
import { runSmoke } from "./run-smoke.ts";

let shop: TestServer;
beforeAll(async () => {
  shop = await shopServer();
});
afterAll(() => shop.close());

describe("waiting", () => {
  test("a service that refuses connections, then says that it starts, then is well is noticed within 0.3 s", async () => {
    const port = await freePort();
    let asked = 0;
    const server = createServer((_request, response) => {
      const well = ++asked > 2;
      response.writeHead(well ? 200 : 503, { "content-type": "application/json" });
      response.end(JSON.stringify({ status: well ? "ok" : "starting" }));
    });
    const pauses: number[] = [];
    const clock: Clock = {
      ...systemClock,
      async sleep(ms, signal) {
        pauses.push(ms);
        if (pauses.length === 2) {
          server.listen(port, "127.0.0.1");
          await once(server, "listening");
        }
        await systemClock.sleep(ms, signal);
      },
    };
    const checks = [{ url: `http://127.0.0.1:${port}/healthz`, expect: { health: true } }];
    const report = await runSmoke({ checks }, { clock });
    server.closeAllConnections();
    server.close();
    expect(report).toMatchObject({ verdict: "pass", counts: { retried: 1 } });
    // The first answer that is well is taken, and no question is further than 0.3 s from the one before.
    expect([asked, report.checks[0]?.attempts]).toEqual([3, 5]);
    expect(Math.max(...pauses)).toBeLessThanOrEqual(300);
  });

  test("a run in which nothing at all answers is given up early", async () => {
    const checks = [{ url: "http://127.0.0.1:1/a" }, { url: "http://127.0.0.1:1/b" }];
    const report = await runSmoke({ silence: "600ms", deadline: "30s", checks });
    expect(report.ms).toBeLessThan(25_000);
    expect(report.checks[0]?.message).toContain("given up: nothing at all answered for 600 ms");
  });

  test("and is not, when anything answers", async () => {
    const checks = [{ url: "http://127.0.0.1:1/a" }, { url: `${shop.url}/healthz` }];
    const report = await runSmoke({ silence: "3s", deadline: "4s", checks });
    expect(report.checks[0]?.message).toContain("the deadline came");
  });
});

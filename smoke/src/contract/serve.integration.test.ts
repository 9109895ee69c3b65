import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { afterAll, describe, expect, test } from "vitest";
import { denoBinary } from "../../testing/deno-binary.ts";
import { started } from "../../testing/misbehaving-server.ts";
import { releaseSuite } from "../definition/release-suite.ts";
import { runSmoke } from "../engine/run-smoke.ts";
import { createContract } from "./contract.ts";
import { readBuildStamp } from "./read-stamp.ts";
import { honoMiddleware, nodeHandler, respond } from "./serve.ts";

const stamp = {
  service: "api",
  version: "1.2.0",
  commit: "c".repeat(40),
  digest: `sha256:${"a".repeat(64)}`,
};
const folder = mkdtempSync(join(tmpdir(), "smoke-contract-"));
const beside = pathToFileURL(join(folder, "server.js")).href;
writeFileSync(join(folder, "slipway-build.json"), JSON.stringify(stamp));
afterAll(() => rmSync(folder, { recursive: true }));

/** The release's own suite is what has to be satisfied. */
async function smoke(address: string) {
  const { version, digest: build, commit } = stamp;
  const expected = { release: "1.2.0", services: { api: { version, build, commit, address } } };
  return runSmoke(
    releaseSuite(expected, { checks: [{ service: "api", path: "/other", expect: { text: "app" } }] }),
  );
}

describe("a service with the contract passes the release's smoke", () => {
  const contract = createContract({ stamp: readBuildStamp(beside, "api"), ready: { always: () => true } });

  test("with Node's http", async () => {
    const handle = nodeHandler(contract);
    const server = await started(
      createServer(
        async (request, response) => void ((await handle(request, response)) || response.end("app")),
      ),
      "127.0.0.1",
      "http",
    );
    const report = await smoke(server.url);
    await server.close();
    expect(report.sentence).toBe("Release 1.2.0 passed 4 of 4 checks.");
  });

  test("with Express", async () => {
    // Express brings no types, and its own are not needed for two calls.
    const { default: express } = (await import("express" as string)) as { default: () => ExpressApp };
    const app = express();
    app.use(nodeHandler(contract));
    app.use((_request: unknown, response: { send(text: string): void }) => response.send("app"));
    const server = await started(createServer(app as never), "127.0.0.1", "http");
    const report = await smoke(server.url);
    await server.close();
    expect(report.sentence).toBe("Release 1.2.0 passed 4 of 4 checks.");
  });

  test("with Hono", async () => {
    const { Hono } = await import("hono");
    const app = new Hono();
    app.use(honoMiddleware(contract));
    app.get("/other", (context) => context.text("app"));
    const answer = async (url: string) => (await app.fetch(new Request(url))).text();
    expect(JSON.parse(await answer("http://api.test/meta"))).toEqual(stamp);
    expect(await answer("http://api.test/other")).toBe("app");
  });

  test("with Deno.serve", async () => {
    const file = join(folder, "server.ts");
    const source = (path: string) => JSON.stringify(fileURLToPath(new URL(path, import.meta.url)));
    writeFileSync(
      file,
      `import { createContract, respond } from ${source("../../contract.ts")};
       import { readBuildStamp } from ${source("./read-stamp.ts")};
       const contract = createContract({ stamp: readBuildStamp(import.meta.url, "api") });
       const onListen = ({ port }) => console.log(port);
       Deno.serve({ port: 0, hostname: "127.0.0.1", onListen }, async (request) =>
         (await respond(contract, request)) ?? new Response("app"));`,
    );
    const root = fileURLToPath(new URL("../../..", import.meta.url));
    const permissions = ["--allow-net=127.0.0.1", `--allow-read=${folder}`];
    const deno = spawn(denoBinary(), ["run", "--no-prompt", ...permissions, file], { cwd: root });
    const port = await new Promise<string>((resolve, reject) => {
      deno.stdout.once("data", (data: Buffer) => resolve(data.toString().trim()));
      deno.stderr.once("data", (data: Buffer) => reject(new Error(data.toString())));
    });
    const report = await smoke(`http://127.0.0.1:${port}`);
    deno.kill();
    expect(report.sentence).toBe("Release 1.2.0 passed 4 of 4 checks.");
  });

  test("and one that was started without a stamp does not", async () => {
    const bare = createContract({ stamp: readBuildStamp(import.meta.url, "api") });
    const server = await started(
      createServer(async (request, response) => {
        const answer = await respond(bare, new Request(`http://api.test${request.url}`));
        response.writeHead(answer?.status ?? 200).end(await answer?.text());
      }),
      "127.0.0.1",
      "http",
    );
    const report = await smoke(server.url);
    await server.close();
    expect(report.checks[2]?.message).toContain("seen 0.0.0-unstamped");
  });
});

interface ExpressApp {
  use(handler: (...args: never[]) => unknown): void;
}

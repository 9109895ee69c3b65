import { type ChildProcess, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { denoBinary } from "../../testing/deno-binary.ts";
import type { TestServer } from "../../testing/misbehaving-server.ts";
import { scratchFolder } from "../../testing/scratch-folder.ts";
import { shopServer } from "../../testing/shop-server.ts";
import type { SmokeReport } from "../engine/report.ts";

const folder = scratchFolder();
const token = "not-a-real-token-0123456789";
let shop: TestServer;
let edge: ChildProcess;
let url: string;

beforeAll(async () => {
  shop = await shopServer();
  // As an edge function stands in its folder: one file with Deno.serve, and the net to its services.
  const module = fileURLToPath(new URL("../../edge.ts", import.meta.url));
  const entry = folder.file(
    "index.ts",
    `import { smokeHandler } from ${JSON.stringify(module)};
     const suite = { services: { api: { address: ${JSON.stringify(shop.url)} } },
       checks: [{ path: "/healthz", expect: { health: true } }, { path: "/none", tags: ["broken"] }],
       suites: { smoke: { tags: ["broken"] } } };
     const onListen = ({ port }) => console.log(port);
     Deno.serve({ port: 0, hostname: "127.0.0.1", onListen }, smokeHandler(suite, { token: Deno.env.get("SMOKE_TOKEN") }));`,
  );
  const config = folder.file("deno.json", {
    imports: { "@slipway/kernel": import.meta.resolve("@slipway/kernel") },
    nodeModulesDir: "manual",
  });
  const permissions = ["--allow-net=127.0.0.1", "--allow-env=SMOKE_TOKEN"];
  const root = fileURLToPath(new URL("../../..", import.meta.url));
  const args = ["run", "--no-prompt", ...permissions, "--config", config, entry];
  edge = spawn(denoBinary(), args, { cwd: root, env: { PATH: "", SMOKE_TOKEN: token } });
  const port = await new Promise<string>((resolve, reject) => {
    edge.stdout?.once("data", (data: Buffer) => resolve(data.toString().trim()));
    edge.stderr?.once("data", (data: Buffer) => reject(new Error(data.toString())));
  });
  url = `http://127.0.0.1:${port}/`;
});

afterAll(async () => {
  edge.kill();
  await shop.close();
  folder.remove();
});

const ask = (path = "", authorization = `Bearer ${token}`) =>
  fetch(`${url}${path}`, { headers: { authorization } });

test("an edge function answers the report of a suite that it runs from where it is", async () => {
  const broken = await ask("?suite=smoke");
  expect(broken.status).toBe(503);
  expect((await broken.json()) as SmokeReport).toMatchObject({ verdict: "fail", counts: { failed: 1 } });
  const all = (await (await ask()).json()) as SmokeReport;
  expect(all.checks.map(({ verdict }) => verdict)).toEqual(["pass", "fail"]);
});

test("and lets nobody in without the token", async () => {
  const refused = await ask("", "Bearer wrong");
  expect(refused.status).toBe(401);
  expect(await refused.text()).not.toContain("checks");
});

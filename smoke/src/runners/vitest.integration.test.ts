import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { TestServer } from "../../testing/misbehaving-server.ts";
import { scratchFolder } from "../../testing/scratch-folder.ts";
import { shopServer } from "../../testing/shop-server.ts";

const folder = scratchFolder();
let shop: TestServer;

beforeAll(async () => {
  shop = await shopServer();
  folder.file("vitest.config.mjs", "export default { test: { include: ['*.smoke.ts'] } };");
  folder.file(
    "shop.smoke.ts",
    `import { describeSmoke } from ${JSON.stringify(fileURLToPath(new URL("../../vitest.ts", import.meta.url)))};
     await describeSmoke({
       name: "shop",
       services: { api: { address: ${JSON.stringify(shop.url)} } },
       checks: [
         { name: "well", path: "/healthz", expect: { health: true } },
         { name: "broken", path: "/none" },
         { name: "beside", path: "/none", optional: true },
       ],
     });`,
  );
});

afterAll(async () => {
  await shop.close();
  folder.remove();
});

test("vitest runs every check as a test, with its own reporters", async () => {
  const vitest = join(dirname(createRequire(import.meta.url).resolve("vitest/package.json")), "vitest.mjs");
  const junit = join(folder.path, "junit.xml");
  const args = [
    vitest,
    "run",
    "--root",
    folder.path,
    "--reporter=junit",
    "--reporter=verbose",
    `--outputFile.junit=${junit}`,
  ];
  const { VITEST: _v, VITEST_WORKER_ID: _w, ...env } = process.env;
  const outcome = await new Promise<{ code: unknown; stdout: string }>((resolve) => {
    execFile(process.execPath, args, { env }, (error, stdout, stderr) =>
      resolve({ code: error?.code ?? 0, stdout: stdout + stderr }),
    );
  });
  expect(outcome.code).toBe(1);
  expect(outcome.stdout).toContain("fail: status: expected 200, seen 404");
  const report = readFileSync(junit, "utf8");
  expect(report).toContain('tests="3" failures="1"');
  expect(report).toMatch(
    /name="smoke shop &gt; beside"[^>]*>\s*(?:<properties>[\s\S]*?<\/properties>\s*)?<skipped/,
  );
});

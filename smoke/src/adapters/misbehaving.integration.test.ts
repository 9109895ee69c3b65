import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { denoBinary } from "../../testing/deno-binary.ts";
import { misbehavingServer, type TestServer } from "../../testing/misbehaving-server.ts";
import { type MisbehaviourCase, misbehaviourCases } from "../../testing/misbehaviour-cases.ts";
import type { Suite } from "../definition/suite.ts";
import { fetchTransport } from "../engine/fetch-transport.ts";
import type { CheckReport, SmokeReport } from "../engine/report.ts";
import { runSmoke } from "../engine/run-smoke.ts";
import { nodeTransport } from "./node-transport.ts";

let server: TestServer;
beforeAll(async () => {
  server = await misbehavingServer();
});
afterAll(() => server.close());

// Server and client share a process, and some of the answers keep it busy: who is asked beside them may wait.
const suite = (deadline: string, cases: readonly MisbehaviourCase[]): Suite => ({
  deadline,
  defaults: { timeout: "30s" },
  services: { shop: { address: server.url } },
  checks: cases.map(({ check }) => check),
});
const short = misbehaviourCases.filter(({ goesOn }) => !goesOn);
const long = misbehaviourCases.filter(({ goesOn }) => goesOn);

/** Runs a suite in a Deno process that may do nothing but reach the server. */
async function runUnderDeno(one: Suite): Promise<SmokeReport> {
  const folder = await mkdtemp(join(tmpdir(), "smoke-"));
  const file = join(folder, "suite.json");
  await writeFile(file, JSON.stringify(one));
  const entry = fileURLToPath(new URL("../../deno.ts", import.meta.url));
  const permissions = [
    `--allow-net=127.0.0.1:${server.port}`,
    "--allow-env=SLIPWAY_SMOKE_EXPECTED,SLIPWAY_SMOKE_DEADLINE_MS,GITHUB_ACTIONS",
    `--allow-read=${file}`,
  ];
  const args = ["run", "--no-prompt", ...permissions, entry, "run", file, "--output", "json"];
  const { stdout } = await promisify(execFile)(denoBinary(), args).catch(
    (error: { stdout: string }) => error,
  );
  await rm(folder, { recursive: true });
  return JSON.parse(stdout) as SmokeReport;
}

describe.each([
  ["fetch under Node", (one: Suite) => runSmoke(one, { transport: fetchTransport() })],
  ["Node's HTTP client", (one: Suite) => runSmoke(one, { transport: nodeTransport() })],
  ["fetch under Deno", runUnderDeno],
])("a misbehaving server, asked with %s", (_name, run) => {
  const checks = new Map<string, CheckReport>();
  let longest: SmokeReport;
  let usedBytes: number;
  beforeAll(async () => {
    const before = process.memoryUsage().rss;
    const { checks: ended } = await run(suite("50s", short));
    longest = await run(suite("2s", long));
    for (const check of [...ended, ...longest.checks]) checks.set(check.name, check);
    usedBytes = process.memoryUsage().rss - before;
  });

  test.each(misbehaviourCases.map((one) => [one.check.name, one] as const))(
    "%s",
    (name, { failure, message }: MisbehaviourCase) => {
      const check = checks.get(name)!;
      expect(check.message).toMatch(message);
      expect([check.verdict, check.failure]).toEqual(
        failure === undefined ? ["pass", undefined] : ["fail", failure],
      );
    },
  );

  test("takes no longer than its deadline, and no memory for what it does not read", () => {
    expect(longest.ms).toBeLessThan(20_000);
    expect(usedBytes).toBeLessThan(100 * 1024 * 1024);
  });
});

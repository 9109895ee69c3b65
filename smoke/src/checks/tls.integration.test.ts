import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type TestCertificate, testAuthority } from "../../testing/certificate.ts";
import { denoBinary } from "../../testing/deno-binary.ts";
import { started, type TestServer } from "../../testing/misbehaving-server.ts";
import type { Check } from "../definition/suite.ts";
import type { SmokeReport } from "../engine/report.ts";

const authority = testAuthority();
const folder = mkdtempSync(join(tmpdir(), "smoke-tls-"));
const ca = join(folder, "ca.pem");
const servers: Record<string, TestServer> = {};
const good = authority.issue(["shop.test", "127.0.0.1"], 90);

async function serve(name: string, { key, cert }: TestCertificate) {
  const server = createServer({ key, cert }, (_request, response) => response.end('{"status":"ok"}'));
  servers[name] = await started(server, "127.0.0.1", "https");
}

beforeAll(async () => {
  writeFileSync(ca, authority.cert);
  await serve("good", good);
  await serve("expired", authority.issue(["shop.test", "127.0.0.1"], -3));
  await serve("ending", authority.issue(["shop.test", "127.0.0.1"], 5));
  await serve("stranger", testAuthority().issue(["shop.test", "127.0.0.1"], 90));
});

afterAll(async () => {
  await Promise.all(Object.values(servers).map((server) => server.close()));
  rmSync(folder, { recursive: true });
});

const runtimes = {
  node: () => [process.execPath, fileURLToPath(new URL("../../node.ts", import.meta.url))],
  deno: () => [denoBinary(), "run", "-A", fileURLToPath(new URL("../../deno.ts", import.meta.url))],
};

/** Runs the command as a process: which authorities are trusted is decided when a process starts. */
function runSuite(runtime: keyof typeof runtimes, checks: readonly Check[]): Promise<SmokeReport> {
  const file = join(folder, `${runtime}.json`);
  writeFileSync(file, JSON.stringify({ deadline: "60s", checks }));
  const [program, ...args] = runtimes[runtime]();
  const env = { ...process.env, NODE_EXTRA_CA_CERTS: ca, DENO_CERT: ca };
  return new Promise((resolve) => {
    execFile(program!, [...args, "run", file, "--output", "json"], { env }, (_error, stdout) => {
      resolve(JSON.parse(stdout) as SmokeReport);
    });
  });
}

describe.each(["node", "deno"] as const)("certificates under %s", (runtime) => {
  test("are judged by chain, name, time left and key", async () => {
    const at = (name: string) => `127.0.0.1:${servers[name]!.port}`;
    const report = await runSuite(runtime, [
      { kind: "tls", name: "good", host: at("good"), certificateName: "shop.test", pins: [good.pin] },
      { kind: "tls", name: "by address", host: at("good") },
      { kind: "tls", name: "expired", host: at("expired"), certificateName: "shop.test" },
      { kind: "tls", name: "ending", host: at("ending"), certificateName: "shop.test" },
      { kind: "tls", name: "stranger", host: at("stranger"), certificateName: "shop.test" },
      { kind: "tls", name: "other name", host: at("good"), certificateName: "other.test" },
      { kind: "tls", name: "other key", host: at("good"), certificateName: "shop.test", pins: ["AAAA"] },
    ]);
    const seen = Object.fromEntries(
      report.checks.map(({ name, verdict, message }) => [name, [verdict, message]]),
    );
    expect(seen.good).toEqual([
      "pass",
      expect.stringContaining("shop.test, issued by Slipway test authority"),
    ]);
    expect(seen["by address"]?.[0]).toBe("pass");
    expect(seen.expired).toEqual(["fail", expect.stringMatching(/expired/i)]);
    expect(seen.ending).toEqual(["fail", expect.stringMatching(/valid for: expected >= 14 d, seen 5 d/)]);
    expect(seen.stranger).toEqual(["fail", expect.stringContaining("chain and name")]);
    expect(seen["other name"]).toEqual(["fail", expect.stringMatching(/chain and name: .*seen/)]);
    expect(seen["other key"]).toEqual([
      "fail",
      expect.stringContaining(`key: expected AAAA, seen ${good.pin}`),
    ]);
    expect(report.checks.every((check) => check.verdict === "pass" || check.failure === "tls")).toBe(true);
  });

  test("decide over https requests too, and a certificate that is not trusted is not tried again", async () => {
    const url = (name: string) => servers[name]!.url;
    const report = await runSuite(runtime, [
      { name: "good", url: url("good"), expect: { health: true } },
      { name: "expired", url: url("expired") },
      { name: "stranger", url: url("stranger") },
    ]);
    expect(report.checks.map(({ verdict, failure, attempts }) => [verdict, failure, attempts])).toEqual([
      ["pass", undefined, 1],
      ["fail", "tls", 1],
      ["fail", "tls", 1],
    ]);
  });
});

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ScratchPostgres, scratchPostgres } from "@slipway/toolchain/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { dnsServer } from "../../testing/dns-server.ts";
import { permissionsOf, runUnderDeno, runUnderNode } from "../../testing/run-command.ts";
import type { Suite } from "../definition/suite.ts";
import type { CheckReport, SmokeReport } from "../engine/report.ts";

let postgres: ScratchPostgres;
let database: string;
let names: Awaited<ReturnType<typeof dnsServer>>;
let greeter: Server;
let greeterPort: number;
const folder = mkdtempSync(join(tmpdir(), "smoke-system-"));

beforeAll(async () => {
  postgres = await scratchPostgres();
  database = await postgres.createDatabase();
  names = await dnsServer({ a: { "shop.test": ["192.0.2.2", "192.0.2.1"] }, txt: { "shop.test": "v=1" } });
  greeter = createServer((socket) => {
    // A client that leaves after the greeting is no error here.
    socket.on("error", () => undefined);
    socket.end("220 shop ready\r\n");
  });
  await new Promise<void>((resolve) => greeter.listen(0, "127.0.0.1", resolve));
  greeterPort = (greeter.address() as { port: number }).port;
});

afterAll(() => {
  postgres.remove();
  names.close();
  greeter.close();
  rmSync(folder, { recursive: true });
});

/** Runs a suite with no more permissions than `flags` says. */
async function runSuite(runtime: "node" | "deno", suite: Suite): Promise<Record<string, CheckReport>> {
  const file = join(folder, `${runtime}.json`);
  writeFileSync(file, JSON.stringify({ deadline: "60s", ...suite }));
  const env = { DATABASE_URL: database };
  const args = ["run", file, "--output", "json"];
  const granted = async () => permissionsOf((await runUnderNode(["flags", file], env)).stdout);
  const outcome = await (runtime === "node"
    ? runUnderNode(args, env)
    : runUnderDeno(await granted(), args, env));
  const report = JSON.parse(outcome.stdout) as SmokeReport;
  return Object.fromEntries(report.checks.map((check) => [check.name, check]));
}

describe.each(["node", "deno"] as const)("under %s", (runtime) => {
  test("a TCP port is open or not, and greets", async () => {
    const address = `127.0.0.1:${greeterPort}`;
    const seen = await runSuite(runtime, {
      checks: [
        { kind: "tcp", name: "open", address },
        { kind: "tcp", name: "greets", address, reply: { startsWith: "220 " } },
        { kind: "tcp", name: "greets otherwise", address, reply: { startsWith: "SSH-" } },
        { kind: "tcp", name: "closed", address: "127.0.0.1:1", retry: false },
      ],
    });
    expect(seen.open?.verdict).toBe("pass");
    expect(seen.greets?.verdict).toBe("pass");
    expect(seen["greets otherwise"]).toMatchObject({ verdict: "fail", failure: "assertion" });
    expect(seen.closed).toMatchObject({
      verdict: "fail",
      failure: "network",
      message: "127.0.0.1:1: connection refused",
    });
  });

  test("a name resolves to its records, or to none", async () => {
    const dns = { kind: "dns", server: names.address } as const;
    const seen = await runSuite(runtime, {
      checks: [
        { ...dns, name: "addresses", host: "shop.test", records: ["192.0.2.1", "192.0.2.2"] },
        { ...dns, name: "text", host: "shop.test", type: "TXT" as const, records: { contains: "v=1" } },
        { ...dns, name: "unknown", host: "nowhere.test" },
        { ...dns, name: "moved", host: "shop.test", records: ["192.0.2.9"] },
        { kind: "dns", name: "as programs see it", host: "localhost", records: { contains: "127.0.0.1" } },
      ],
    });
    expect(Object.values(seen).map(({ name, verdict }) => [name, verdict])).toEqual([
      ["addresses", "pass"],
      ["text", "pass"],
      ["unknown", "fail"],
      ["moved", "fail"],
      ["as programs see it", "pass"],
    ]);
  });

  test("a command is judged by its exit code and what it prints, and ends with its time limit", async () => {
    const node = (script: string) => ({ kind: "command", command: ["node", "-e", script] }) as const;
    const seen = await runSuite(runtime, {
      checks: [
        { ...node("console.log('{\"up\":3}')"), name: "json", json: { "$.up": 3 } },
        { ...node('console.log(\'{"a":1}\\n{"a":2}\')'), name: "json lines", json: { "$[*].a": [1, 2] } },
        { ...node("console.error('no disk'); process.exit(3)"), name: "exit" },
        { ...node("setTimeout(() => {}, 60000)"), name: "hangs", timeout: "300ms", retry: false },
        {
          ...node("process.stdout.write('x'.repeat(3e6))"),
          name: "talks much",
          stdout: { length: 1_048_576 },
        },
        { kind: "command", name: "missing", command: ["slipway-no-such-program"] },
      ],
    });
    expect(seen.json?.verdict).toBe("pass");
    expect(seen["json lines"]?.verdict).toBe("pass");
    expect(seen.exit?.message).toBe("exit: expected 0, seen 3 no disk");
    expect(seen.hangs).toMatchObject({ failure: "timeout", message: "no complete answer within 300 ms" });
    expect(seen["talks much"]?.verdict).toBe("pass");
    expect(seen.missing).toMatchObject({ verdict: "error", failure: "configuration" });
  });

  test("a query answers, and can only read", async () => {
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a suite's own placeholder.
    const sql = { kind: "sql", database: "${DATABASE_URL}", retry: false } as const;
    const seen = await runSuite(runtime, {
      env: { DATABASE_URL: "secret" },
      checks: [
        {
          ...sql,
          name: "answers",
          query: "select count(*) as n from pg_class",
          rows: { "$[0].n": { min: 1 } },
        },
        { ...sql, name: "empty", query: "select 1 where false" },
        { ...sql, name: "writes", query: "create table t (a int)" },
        { ...sql, name: "two statements", query: "commit; create table t (a int)" },
        { ...sql, name: "wrong", query: "select * from nothing" },
      ],
    });
    expect(seen.answers?.verdict).toBe("pass");
    expect(seen.empty?.verdict).toBe("no-data");
    expect(seen.writes?.message).toContain("25006");
    expect(seen["two statements"]?.message).toContain("cannot insert multiple commands");
    expect(seen.wrong).toMatchObject({ verdict: "fail", failure: "assertion" });
  });
});

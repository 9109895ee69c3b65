import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { listen, misbehavingServer, type TestServer } from "../../testing/misbehaving-server.ts";
import { type CommandOutcome, permissionsOf, runUnderDeno, runUnderNode } from "../../testing/run-command.ts";
import { scratchFolder } from "../../testing/scratch-folder.ts";
import { shopServer } from "../../testing/shop-server.ts";

const folder = scratchFolder();
let shop: TestServer;
let odd: TestServer;

beforeAll(async () => {
  odd = await misbehavingServer();
  shop = await shopServer();
});

afterAll(async () => {
  await Promise.all([shop.close(), odd.close()]);
  folder.remove();
});

type Runner = (args: readonly string[], env?: Record<string, string>) => Promise<CommandOutcome>;
const runners: readonly (readonly [string, Runner])[] = [
  ["node", runUnderNode],
  [
    "deno",
    (args, env) =>
      runUnderDeno(["--allow-net=127.0.0.1", "--allow-env", `--allow-read=${folder.path}`], args, env),
  ],
];

describe.each(runners)("a suite under %s", (_runtime, run) => {
  test("in YAML is run, and a mistake in it is named with its line", async () => {
    const yaml = (key: string) =>
      `services:\n  shop: { address: "${shop.url}" }\nchecks:\n  - path: /healthz\n    ${key}: { health: true }\n`;
    expect(await run(["run", folder.file("ok.yaml", yaml("expect"))])).toMatchObject({ code: 0 });
    const wrong = await run(["run", folder.file("wrong.yaml", yaml("expct"))]);
    expect(wrong.code).toBe(64);
    expect(wrong.stderr).toContain("line 5: checks[0].expct is not known: did you mean expect");
    const broken = await run(["run", folder.file("broken.yaml", "checks: [")]);
    expect([broken.code, broken.stdout]).toEqual([64, ""]);
  });

  test("in TypeScript is run, with its flows", async () => {
    const definition = fileURLToPath(new URL("../definition/define-smoke.ts", import.meta.url));
    const suite = folder.file(
      "suite.ts",
      `import { defineSmoke } from ${JSON.stringify(definition)};
       export default defineSmoke({
         services: { shop: { address: ${JSON.stringify(shop.url)} } },
         checks: [{ kind: "flow", name: "looks and buys", run: async ({ http, expect }) => {
           const shop = await http("shop");
           const products = await shop.get("products").json<{ id: number }[]>();
           expect("first product", products[0]?.id, 1);
           await shop.post("orders", { json: { id: 1 } });
         } }],
       });`,
    );
    const { code, stdout } = await (run === runUnderNode
      ? run(["run", suite])
      : runUnderDeno(
          ["--allow-net=127.0.0.1", "--allow-env", "--allow-read", "--allow-import"],
          ["run", suite],
        ));
    // The flow does not say that it changes something, so its order is not sent.
    expect(code).toBe(64);
    expect(stdout).toContain("POST needs mutating: true on the flow");
  });

  test("that is not there, or not a suite, exits 64", async () => {
    for (const path of [
      join(folder.path, "none.yaml"),
      folder.file("suite.txt", ""),
      folder.file("list.json", []),
    ]) {
      const { code, stderr } = await run(["run", path]);
      expect([path, code]).toEqual([path, 64]);
      expect(stderr).toContain("SMOKE_INVALID: Cannot read the smoke suite");
    }
  });

  test("prints what happens as it happens", async () => {
    const checks = [
      { name: "a", path: "/healthz" },
      { name: "b", path: "/none", retry: { on: ["assertion"], limit: 1 } },
    ];
    const suite = folder.file("stream.json", { services: { shop: { address: shop.url } }, checks });
    const { code, stdout } = await run(["run", suite, "--output", "ndjson"]);
    expect(code).toBe(1);
    const events = stdout
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as { event: string; name?: string });
    // Checks run side by side, so only the order within one of them is certain.
    const of = (wanted?: string) => events.filter(({ name }) => name === wanted).map(({ event }) => event);
    expect([of(), of("a"), of("b")]).toEqual([["start", "end"], ["check"], ["retry", "check"]]);
    expect([events[0]?.event, events.at(-1)?.event]).toEqual(["start", "end"]);
  });
});

describe("the command", () => {
  test("writes reports to files, and tells GitHub where it runs there", async () => {
    const suite = folder.file("github.json", {
      services: { shop: { address: shop.url } },
      checks: [{ path: "/none" }],
    });
    const [junit, tap, summary] = ["smoke.xml", "smoke.tap", "summary.md"].map((name) =>
      folder.file(name, ""),
    );
    const env = { GITHUB_ACTIONS: "true", GITHUB_STEP_SUMMARY: summary! };
    const { code, stdout } = await runUnderNode(
      ["run", suite, "--report", `junit=${junit}`, "--report", `tap=${tap}`],
      env,
    );
    expect(code).toBe(1);
    expect(stdout).toContain("::error title=smoke%3A shop /none::fail: status: expected 200, seen 404");
    expect(readFileSync(junit!, "utf8")).toContain('<testsuites tests="1" failures="1"');
    expect(readFileSync(tap!, "utf8")).toContain("not ok 1 - shop /none");
    expect(readFileSync(summary!, "utf8")).toContain("| **fail** | shop /none |");
  });

  test("says where a report could not be written, and does not call the run passed", async () => {
    const suite = folder.file("unwritable.json", {
      services: { shop: { address: shop.url } },
      checks: [{ path: "/healthz" }],
    });
    const to = ["--report", `junit=${join(folder.path, "none", "smoke.xml")}`];
    const env = { GITHUB_ACTIONS: "true", GITHUB_STEP_SUMMARY: folder.path };
    const { code, stdout, stderr } = await runUnderNode(["run", suite, ...to], env);
    expect(code).toBe(64);
    expect(stdout).toContain("passed 1 of 1 checks");
    expect(stderr.match(/^FOLDER_NOT_WRITABLE: Cannot write the report /gm)).toHaveLength(2);
    expect(stderr).not.toContain("INTERNAL");
    // A failed run keeps its own exit code.
    const failing = folder.file("failing.json", {
      services: { shop: { address: shop.url } },
      checks: [{ path: "/none" }],
    });
    expect(await runUnderNode(["run", failing, ...to])).toMatchObject({ code: 1 });
  });

  test("tells its version, and never names a command that this package does not have", async () => {
    const version = await runUnderNode(["--version"]);
    expect([version.code, version.stdout]).toEqual([0, expect.stringMatching(/^\d+\.\d+\.\d+\n$/)]);
    expect((await runUnderNode(["run", "none.yaml"])).stderr).not.toContain("slipway explain");
  });

  test.each([
    [["rn", "x"], 'there is no verb "rn"; did you mean run?'],
    [["run"], "run takes one suite file"],
    [["run", "a", "--ouput", "json"], 'there is no option "ouput"; did you mean output?'],
    [["run", "a", "--output", "jsn"], 'there is no output "jsn"; did you mean json?'],
    [["run", "a", "--deadline", "soon"], "is not a duration"],
    [["release", "x"], "release takes no file"],
  ])("%j is a misuse", async (args, message) => {
    const { code, stderr } = await runUnderNode(args);
    expect(code).toBe(64);
    expect(stderr).toContain(message);
  });

  test("prints the permissions that a suite needs, which are enough and no more", async () => {
    const checks = [{ path: "/healthz" }, { kind: "tcp", address: `127.0.0.1:${odd.port}` }];
    const suite = folder.file("needs.json", { services: { shop: { address: shop.url } }, checks });
    const permissions = permissionsOf((await runUnderNode(["flags", suite])).stdout);
    expect(permissions[0]).toBe(
      `--allow-net=${[shop.port, odd.port]
        .map((port) => `127.0.0.1:${port}`)
        .sort()
        .join(",")}`,
    );
    expect(await runUnderDeno(permissions, ["run", suite])).toMatchObject({ code: 0 });
    const without = permissions.map((flag) => flag.replace(`127.0.0.1:${shop.port}`, "127.0.0.1:1"));
    const refused = await runUnderDeno(without, ["run", suite]);
    expect(refused.code).toBe(64);
    expect(refused.stdout).toContain(`127.0.0.1:${shop.port}: this process may not connect to it`);
  });

  test("ends at once when it is told to, says so, and exits as a stopped process does", async () => {
    const suite = folder.file("slow.json", {
      deadline: "100s",
      silence: "100s",
      services: { odd: { address: odd.url } },
      checks: [{ path: "/slow-headers", timeout: "100s" }],
    });
    const entry = fileURLToPath(new URL("../../node.ts", import.meta.url));
    const child = spawn(process.execPath, [entry, "run", suite, "--output", "ndjson"], {
      stdio: ["ignore", "pipe", "pipe"],
    });
    let stdout = "";
    let told = 0;
    child.stdout.on("data", (data: Buffer) => {
      stdout += data.toString();
      if (told > 0 || !stdout.includes('"event":"start"')) return;
      told = performance.now();
      child.kill("SIGTERM");
    });
    const code = await new Promise((resolve) => child.once("close", resolve));
    // The service would have kept it until the deadline.
    expect(performance.now() - told).toBeLessThan(60_000);
    expect(code).toBe(143);
    const end = stdout.trimEnd().split("\n").at(-1) ?? "";
    expect(JSON.parse(end)).toMatchObject({ event: "end", verdict: "error", counts: { failed: 1 } });
  });

  test("makes a suite of another tool's file", async () => {
    const document = {
      openapi: "3.1.0",
      info: {},
      servers: [{ url: shop.url }],
      paths: { "/healthz": { get: {} }, "/orders": { post: {} } },
    };
    const made = await runUnderNode(["import", "openapi", folder.file("openapi.json", document)]);
    expect(made.stderr).toContain("not carried over: POST /orders: it may change something");
    expect(await runUnderNode(["run", folder.file("imported.yaml", made.stdout)])).toMatchObject({ code: 0 });
    const none = { ...document, paths: { "/orders": { post: {} } } };
    const empty = await runUnderNode(["import", "openapi", folder.file("none.json", none)]);
    expect([empty.code, empty.stdout]).toEqual([64, ""]);
    expect(empty.stderr).toContain("it has nothing that a check can be made of");
  });
});

test("a server that only speaks IPv6 is reached by its address", async () => {
  const server = await listen((_request, response) => response.end("ok"), "::1");
  for (const run of [
    runUnderNode,
    (args: readonly string[]) =>
      runUnderDeno(["--allow-net=[::1]", "--allow-env", `--allow-read=${folder.path}`], args),
  ]) {
    const outcome = await run([
      "run",
      folder.file("ipv6.json", {
        checks: [
          { url: `${server.url}/`, expect: { text: "ok" } },
          { kind: "tcp", address: `[::1]:${server.port}` },
        ],
      }),
    ]);
    expect(outcome).toMatchObject({ code: 0 });
  }
  await server.close();
});

test("one of three instances with the wrong version is found", async () => {
  const instance = (version: string) =>
    listen((_request, response) => response.end(JSON.stringify({ version })));
  const instances = await Promise.all(["1.1.0", "1.1.0", "1.0.0"].map(instance));
  const sources = instances.map(({ url }) => ({ url: `${url}/meta` }));
  const suite = folder.file("three.json", {
    expected: { release: "v1.1.0" },
    checks: [{ kind: "version", sources }],
  });
  const { code, stdout } = await runUnderNode(["run", suite]);
  expect(code).toBe(1);
  expect(stdout).toContain(`${instances[2]!.url}/meta version: expected v1.1.0, seen 1.0.0`);
  await Promise.all(instances.map((one) => one.close()));
});

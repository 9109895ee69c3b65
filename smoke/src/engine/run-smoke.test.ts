import { digestOf } from "@slipway/kernel";
import { describe, expect, test } from "vitest";
import { fakeClock } from "../../testing/fake-clock.ts";
import { fakeTransport } from "../../testing/fake-transport.ts";
import { releaseSuite } from "../definition/release-suite.ts";
import type { Suite } from "../definition/suite.ts";
import { auditData, type SmokeAudit } from "../reports/audit-data.ts";
import { exitCodeOf } from "../reports/exit-code.ts";
import { renderJsonLine } from "../reports/json-line.ts";
import { runSmoke, type SmokeOptions } from "./run-smoke.ts";

const build = `sha256:${"a".repeat(64)}`;
const address = "http://api.test";
const well = {
  "/healthz": { body: { status: "ok" } },
  "/readyz": { body: { status: "ready" } },
  "/meta": { body: { service: "api", version: "1.1.0", commit: "c".repeat(40), digest: build } },
};
const pinned = releaseSuite({
  environment: "dev",
  release: "1.1.0",
  digest: `sha256:${"b".repeat(64)}`,
  attempt: 7,
  services: { api: { version: "v1.1.0", build, address } },
});

const run = (suite: Suite, replies: Parameters<typeof fakeTransport>[0], options: SmokeOptions = {}) =>
  runSmoke(suite, { clock: fakeClock(), random: () => 0, transport: fakeTransport(replies), ...options });

describe("a release", () => {
  test("that is alive, ready and the pinned build passes, whatever the v in front of its version", async () => {
    const report = await run(pinned, well);
    expect(report).toMatchObject({
      verdict: "pass",
      counts: { checks: 3, passed: 3, failed: 0, retried: 0 },
    });
    expect(exitCodeOf(report)).toBe(0);
  });

  test.each([
    ["version", { version: "1.0.0" }, "expected v1.1.0, seen 1.0.0"],
    ["build", { digest: `sha256:${"d".repeat(64)}` }, "api /meta build"],
    ["service", { service: "web" }, "expected api, seen web"],
    ["stamp", { digest: undefined }, "nothing at $.digest"],
  ])("with a wrong %s fails at once", async (_what, change, message) => {
    const meta = { body: { ...well["/meta"].body, ...change } };
    const report = await run(pinned, { ...well, "/meta": meta });
    expect(report.checks[2]).toMatchObject({ verdict: "fail", failure: "assertion", attempts: 1 });
    expect(report.checks[2]!.message).toContain(message);
    expect(exitCodeOf(report)).toBe(1);
  });

  test("that says 200 and unhealthy is asked until the deadline, and fails", async () => {
    const report = await run(pinned, { ...well, "/readyz": { body: { status: "unhealthy" } } });
    expect(report.checks[1]).toMatchObject({ verdict: "fail", failure: "unhealthy" });
    expect(report.checks[1]!.message).toContain("after 120 attempts");
    expect(exitCodeOf(report)).toBe(1);
  });

  test("that gets ready late passes, and the report shows it", async () => {
    const starting = { status: 503, body: { status: "starting" } };
    const report = await run(pinned, { ...well, "/readyz": ["refused", starting, well["/readyz"]] });
    expect(report).toMatchObject({ verdict: "pass", counts: { retried: 1 } });
    expect(report.checks[1]!.failures.map(({ failure }) => failure)).toEqual(["network", "unavailable"]);
    expect(report.sentence).toContain("1 of them only after a retry");
  });

  test("that nobody answers for exits as a network failure", async () => {
    const report = await run(pinned, { "/healthz": "refused", "/readyz": "refused", "/meta": "refused" });
    expect(report.verdict).toBe("fail");
    expect(exitCodeOf(report)).toBe(2);
  });

  test("gives one line under 1 KB for machines", async () => {
    const line = renderJsonLine(await run(pinned, well));
    expect(line.length).toBeLessThan(1024);
    expect(JSON.parse(line)).toMatchObject({ slipway: "smoke", verdict: "pass", attempt: 7, checks: 3 });
  });
});

describe("a suite that proves nothing is never a pass", () => {
  test("no checks at all", async () => {
    const report = await run({ checks: [] }, {});
    expect(report.verdict).toBe("error");
    expect(exitCodeOf(report)).toBe(64);
  });

  test("tags that select nothing", async () => {
    expect((await run(pinned, well, { tags: ["e2e"] })).verdict).toBe("error");
  });

  test("only optional checks", async () => {
    const checks = [{ url: `${address}/healthz`, optional: true }];
    const report = await run({ checks }, well);
    expect(report.verdict).toBe("no-data");
    expect(exitCodeOf(report)).toBe(3);
  });

  test("a run that is stopped", async () => {
    const report = await run(pinned, well, { signal: AbortSignal.abort(new Error("stopped by SIGTERM")) });
    expect(report.verdict).toBe("error");
    expect(exitCodeOf(report)).toBe(130);
  });
});

test("an optional check that fails is shown and does not decide", async () => {
  const checks = [{ url: `${address}/healthz` }, { url: `${address}/none`, optional: true }];
  const report = await run({ checks }, well);
  expect(report).toMatchObject({ verdict: "pass", counts: { passed: 1, warned: 1 } });
  expect(report.sentence).toContain("1 optional did not pass");
});

test("a check that must hold is asked until enough good answers stand in a row", async () => {
  const flapping = [{ body: { status: "ok" } }, { body: { status: "down" } }, { body: { status: "ok" } }];
  const stable = { times: 3, over: "1s" };
  const checks = [{ url: `${address}/healthz`, expect: { health: true }, stable }];
  const [check] = (await run({ checks }, { "/healthz": flapping })).checks;
  // One good, one bad, then five good ones: the second one in a row is 250 ms later, and 1 s must pass.
  expect(check).toMatchObject({ verdict: "pass", attempts: 7, retried: true });
});

test("Retry-After is honoured, and a wait beyond the deadline is not begun", async () => {
  const busy = { status: 503, headers: { "retry-after": "7" }, body: "busy" };
  const clock = fakeClock();
  const checks = [{ url: `${address}/healthz` }];
  const report = await run({ checks }, { "/healthz": [busy, { body: {} }] }, { clock });
  expect(report.verdict).toBe("pass");
  expect(clock.sleeps).toEqual([7_000]);
  const late = await run({ checks, deadline: "5s" }, { "/healthz": busy });
  expect(late.checks[0]).toMatchObject({ verdict: "fail", attempts: 1 });
  expect(late.checks[0]!.message).toContain("it asked for 7 s more");
});

describe("a run that is recorded", () => {
  test("is told to the ledger with the release's digest and the digest of the report", async () => {
    const recorded: SmokeAudit[] = [];
    const report = await run(pinned, well, { audit: async (one) => void recorded.push(auditData(one)) });
    expect(recorded).toEqual([
      expect.objectContaining({
        verdict: "pass",
        release: "1.1.0",
        digest: pinned.expected?.digest,
        attempt: 7,
        failed: 0,
      }),
    ]);
    expect(recorded[0]?.report).toBe(digestOf(report));
  });

  test("even when nothing could be checked", async () => {
    const recorded: SmokeAudit[] = [];
    await run({ checks: [] }, {}, { audit: async (one) => void recorded.push(auditData(one)) });
    expect(recorded).toEqual([expect.objectContaining({ verdict: "error", checks: 0 })]);
  });

  test("is no pass when it could not be recorded", async () => {
    const report = await run(pinned, well, { audit: () => Promise.reject(new Error("the ledger is gone")) });
    expect(report.verdict).toBe("error");
    expect(report.sentence).toContain("could not be recorded: the ledger is gone");
    expect(exitCodeOf(report)).toBe(64);
  });
});

import { beforeAll, describe, expect, test } from "vitest";
import { fakeClock } from "../../testing/fake-clock.ts";
import { fakeTransport } from "../../testing/fake-transport.ts";
import type { Suite } from "../definition/suite.ts";
import type { SmokeReport } from "../engine/report.ts";
import { runSmoke } from "../engine/run-smoke.ts";
import { renderGithubAnnotations } from "./github.ts";
import { formats, render } from "./render.ts";

const suite: Suite = {
  name: "shop",
  expected: { environment: "staging", release: "1.2.0" },
  services: { api: { address: "http://api.test" } },
  checks: [
    { name: "well", path: "/ok" },
    { name: "late", path: "/late" },
    { name: "odd <&> | name, %", path: "/odd", expect: { json: { "$.a": { min: 2 } } } },
    { name: "beside", path: "/gone", optional: true },
    { name: "numbers", kind: "metrics", path: "/metrics", series: { up: 1 } },
  ],
};

const run = (one: Suite) =>
  runSmoke(one, {
    clock: fakeClock(Date.UTC(2026, 0, 2)),
    random: () => 0,
    transport: fakeTransport({
      "/ok": { body: {} },
      "/late": ["refused", { body: {} }],
      "/odd": { body: { a: 1 } },
      "/metrics": { body: "down 1\n" },
    }),
  });

let report: SmokeReport;
beforeAll(async () => {
  report = await run(suite);
});

test("a report for people has a line a check, what happened, and what to do", async () => {
  expect(await render(report, "text")).toMatchInlineSnapshot(`
    "pass             0 ms  well               200
    pass             0 ms  late               200
                           passed at attempt 2, after 250 ms; at first: api.test: connection refused
    fail           250 ms  odd <&> | name, %  $.a: expected >= 2, seen 1
    warn             0 ms  beside             status: expected 200, seen 404 not found
    no-data          0 ms  numbers            up: expected 1, seen no such series
    Release 1.2.0 did not pass (fail): odd <&> | name, %: $.a: expected >= 2, seen 1 (and 1 more); 1 optional did not pass. (250 ms)
    Next: Find out why the service answers otherwise; do not give it traffic until then.
    "
  `);
});

test("JUnit counts, escapes, and shows an optional failure as skipped", async () => {
  expect(await render(report, "junit")).toMatchInlineSnapshot(`
    "<?xml version="1.0" encoding="UTF-8"?>
    <testsuites tests="5" failures="2" errors="0" skipped="1" time="0.250">
      <testsuite name="smoke shop" tests="5" failures="2" errors="0" skipped="1" time="0.250" timestamp="2026-01-02T00:00:00.000Z">
        <testcase classname="shop.http" name="well" time="0.250"/>
        <testcase classname="shop.http" name="late" time="0.250">
          <system-out>passed at attempt 2; at first: api.test: connection refused</system-out>
        </testcase>
        <testcase classname="shop.http" name="odd &lt;&amp;&gt; | name, %" time="0.250">
          <failure type="assertion" message="$.a: expected &gt;= 2, seen 1">$.a
      expected: &gt;= 2
      seen:     1</failure>
        </testcase>
        <testcase classname="shop.http" name="beside" time="0.250">
          <skipped message="optional, fail: status: expected 200, seen 404 not found"/>
        </testcase>
        <testcase classname="shop.metrics" name="numbers" time="0.250">
          <failure type="no-data" message="up: expected 1, seen no such series">up
      expected: 1
      seen:     no such series</failure>
        </testcase>
      </testsuite>
    </testsuites>
    "
  `);
});

test("TAP has a line a check, and an optional failure is TODO", async () => {
  expect(await render(report, "tap")).toMatchInlineSnapshot(`
    "TAP version 14
    1..5
    ok 1 - well
    ok 2 - late
      ---
      verdict: "pass"
      message: "200"
      attempts: 2
      duration_ms: 250
      ...
    not ok 3 - odd <&> | name, %
      ---
      verdict: "fail"
      failure: "assertion"
      message: "$.a: expected >= 2, seen 1"
      attempts: 1
      duration_ms: 250
      ...
    not ok 4 - beside # TODO optional, fail
      ---
      verdict: "fail"
      failure: "assertion"
      message: "status: expected 200, seen 404 not found"
      attempts: 1
      duration_ms: 250
      ...
    not ok 5 - numbers
      ---
      verdict: "no-data"
      failure: "no-data"
      message: "up: expected 1, seen no such series"
      attempts: 1
      duration_ms: 250
      ...
    # Release 1.2.0 did not pass (fail): odd <&> | name, %: $.a: expected >= 2, seen 1 (and 1 more); 1 optional did not pass.
    "
  `);
});

test("a GitHub summary is a table that no name can break", async () => {
  expect(await render(report, "github")).toMatchInlineSnapshot(`
    "### Smoke shop 1.2.0 on staging: fail

    | verdict | check | time | attempts | what was seen |
    | --- | --- | ---: | ---: | --- |
    | pass | well | 0 ms | 1 | 200 |
    | pass, retried | late | 0 ms | 2 | 200 |
    | **fail** | odd &#60;&#38;&#62; &#124; name, % | 250 ms | 1 | $.a: expected &#62;= 2, seen 1 |
    | warn (fail) | beside | 0 ms | 1 | status: expected 200, seen 404 not found |
    | **no-data** | numbers | 0 ms | 1 | up: expected 1, seen no such series |

    Release 1.2.0 did not pass (fail): odd &#60;&#38;&#62; &#124; name, %: $.a: expected &#62;= 2, seen 1 (and 1 more); 1 optional did not pass. (250 ms)

    Next: Find out why the service answers otherwise; do not give it traffic until then.
    "
  `);
});

test("GitHub annotations are errors, warnings and notices", () => {
  expect(renderGithubAnnotations(report)).toMatchInlineSnapshot(`
    "::notice title=smoke%3A late::passed at attempt 2; at first: api.test: connection refused
    ::error title=smoke%3A odd <&> | name%2C %25::fail: $.a: expected >= 2, seen 1
    ::warning title=smoke%3A beside::fail: status: expected 200, seen 404 not found
    ::error title=smoke%3A numbers::no-data: up: expected 1, seen no such series
    "
  `);
});

test("Prometheus text can be read back", async () => {
  const { parsePrometheusText } = await import("../checks/prometheus-text.ts");
  const samples = parsePrometheusText(await render(report, "prometheus"));
  const value = (name: string, check?: string) =>
    samples.find((sample) => sample.name === name && (check === undefined || sample.labels.check === check))
      ?.value;
  expect(value("slipway_smoke_pass")).toBe(0);
  expect(value("slipway_smoke_check_pass", "well")).toBe(1);
  expect(value("slipway_smoke_check_pass", "odd <&> | name, %")).toBe(0);
  expect(value("slipway_smoke_check_attempts", "late")).toBe(2);
  expect(value("slipway_smoke_finished_timestamp_seconds")).toBe(Date.parse(report.finishedAt) / 1_000);
});

describe("a run that checked nothing looks like a success in no form", () => {
  test.each(formats)("%s", async (format) => {
    const empty = await run({ checks: [] });
    const text = await render(empty, format);
    expect(text).toMatch(/error|Nothing was checked|Bail out|slipway_smoke_pass\{.*\} 0/);
    if (format === "junit") expect(text).toContain('errors="1"');
  });
});

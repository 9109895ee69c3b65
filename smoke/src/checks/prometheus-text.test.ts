import { describe, expect, test } from "vitest";
import { judgeMetrics } from "./metrics.ts";
import { parsePrometheusText } from "./prometheus-text.ts";

const text = `# HELP http_requests_total Requests.
# TYPE http_requests_total counter
http_requests_total{method="get",code="200"} 1027 1395066363000
http_requests_total{code="500",method="get",} 3
up 1
temperature -3.5e2
quoted{path="C:\\\\DIR",text="a \\"b\\" {c}"} +Inf
broken_rate NaN
latency_bucket{le="+Inf"} 12 # {trace_id="x"} 0.5
`;

describe("Prometheus' text format", () => {
  test("is read with labels, escapes, special numbers, times and exemplars", () => {
    const samples = parsePrometheusText(text);
    expect(samples).toHaveLength(7);
    expect(samples[0]).toEqual({
      name: "http_requests_total",
      labels: { method: "get", code: "200" },
      value: 1027,
    });
    expect(samples[4]).toEqual({
      name: "quoted",
      labels: { path: "C:\\DIR", text: 'a "b" {c}' },
      value: Number.POSITIVE_INFINITY,
    });
    expect(samples[6]?.labels).toEqual({ le: "+Inf" });
  });

  test.each(["<!doctype html>", "up", "up one", '{"up": 1}', "up{a=1} 1"])("%s is not part of it", (line) => {
    expect(() => parsePrometheusText(`ok 1\n${line}\n`)).toThrow("line 2 is not a metric");
  });
});

describe("a series", () => {
  const judge = (series: Parameters<typeof judgeMetrics>[1]) => judgeMetrics(text, series)[0];

  test("is found by its name and labels, in any order", () => {
    expect(judge({ 'http_requests_total{method="get",code="200"}': { min: 1 } })).toMatchObject({
      ok: true,
      seen: "1027",
    });
  });

  test("that is several must match each time: the last one does not win", () => {
    expect(judge({ http_requests_total: { min: 100 } })).toMatchObject({ ok: false, seen: "1027, 3" });
  });

  test("that is not there, or is NaN, is no data and never a pass", () => {
    expect(judge({ http_request_total: { min: 0 } })).toMatchObject({ ok: false, failure: "no-data" });
    expect(judge({ broken_rate: { exists: true } })).toMatchObject({ ok: false, failure: "no-data" });
  });

  test("in something that is no metrics text is a failure", () => {
    expect(judgeMetrics("<html>", { up: 1 })[0]).toMatchObject({ ok: false, failure: "assertion" });
  });
});

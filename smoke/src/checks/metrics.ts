import { nameSome } from "@slipway/kernel";
import type { MetricsCheck } from "../definition/http-checks.ts";
import { CheckFailure } from "../engine/check-failure.ts";
import type { Look, PlanContext } from "../engine/planned-check.ts";
import type { Finding } from "../engine/report.ts";
import { hostPort, resolvePlace } from "../engine/resolve-place.ts";
import { ask } from "./ask.ts";
import { checkMatcher } from "./check-expectation.ts";
import { finding, judgeStatus } from "./judge-answer.ts";
import { matcherText, matches } from "./matcher.ts";
import { parsePrometheusText, parseSelector, type Sample } from "./prometheus-text.ts";

/** Makes the looks of a metrics check: one for each vantage point. */
export function planMetrics(check: MetricsCheck, { suite }: PlanContext): Look[] {
  const selectors = Object.keys(check.series);
  if (selectors.length === 0) throw new CheckFailure("configuration", "a metrics check needs series");
  for (const [selector, matcher] of Object.entries(check.series)) {
    parseSelector(selector);
    checkMatcher(matcher, selector);
  }
  const place = { ...check, ...(check.url === undefined ? { path: check.path ?? "/metrics" } : {}) };
  return resolvePlace(place, suite).map(({ url, label, vantage }) => ({
    label: `metrics of ${label}`,
    ...(vantage === undefined ? {} : { vantage }),
    needs: { hosts: [hostPort(url)] },
    attempt: async (tools) => {
      const headers = { accept: "text/plain;version=0.0.4", ...check.headers };
      const answer = await ask(tools, url, { headers });
      const status = judgeStatus(answer, {});
      if (!status.ok) return { findings: [status], ...answer.wait };
      return { findings: [status, ...judgeMetrics(answer.body, check.series)] };
    },
  }));
}

/** Judges metrics text by the series that must be in it. */
export function judgeMetrics(text: string, series: MetricsCheck["series"]): Finding[] {
  let samples: Sample[];
  try {
    samples = parsePrometheusText(text);
  } catch (error) {
    return [finding("metrics", "Prometheus' text format", (error as SyntaxError).message, false)];
  }
  return Object.entries(series).map(([selector, matcher]) => {
    const { name, labels } = parseSelector(selector);
    const found = samples.filter(
      (sample) =>
        sample.name === name && Object.entries(labels).every(([key, value]) => sample.labels[key] === value),
    );
    const expected = matcherText(matcher);
    const numbers = found.map(({ value }) => value);
    const seen = nameSome(numbers, 5);
    if (found.length === 0) {
      return { ok: false, what: selector, expected, seen: "no such series", failure: "no-data" };
    }
    // NaN is what a rate over nothing gives: it is neither good nor bad.
    if (numbers.some(Number.isNaN)) return { ok: false, what: selector, expected, seen, failure: "no-data" };
    return finding(
      selector,
      expected,
      seen,
      numbers.every((value) => matches({ found: true, value }, matcher)),
    );
  });
}

import type { StepVerdict } from "./ramp.ts";

/**
 * What a metric's value says of a step. No value and NaN are `no-data`, an infinite one is an `error`: none of
 * them ever advances a ramp.
 *
 * @param max the largest value that is still good.
 */
export function judgeMetric(value: number | null, max: number): StepVerdict {
  if (value === null || Number.isNaN(value)) return { verdict: "no-data", why: "the metric has no value" };
  if (!Number.isFinite(value)) return { verdict: "error", why: `the metric is ${value}` };
  if (value > max) return { verdict: "fail", why: `the metric is ${value}, more than ${max}` };
  return { verdict: "pass", why: `the metric is ${value}, at most ${max} is good` };
}

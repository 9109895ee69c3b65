import { durationMs, durationText } from "../definition/duration.ts";
import type { HttpExpectation, Samples } from "../definition/http-checks.ts";
import { CheckFailure } from "../engine/check-failure.ts";
import type { Attempt, AttemptTools } from "../engine/planned-check.ts";
import { withLimit } from "../engine/with-limit.ts";
import type { Asked } from "./ask.ts";
import { judgeAnswer } from "./judge-answer.ts";

/**
 * Refuses a percentile that so few samples cannot have: the 95th of five is their slowest, whatever it is called.
 *
 * @throws {CheckFailure} of class `configuration`
 */
export function checkSamples({ times, percentile }: Samples, mutating: boolean): void {
  if (mutating) throw misused("samples repeat the request, which a mutating check must not");
  if (!(percentile > 0 && percentile <= 100)) throw misused("samples.percentile is between 1 and 100");
  const needed = percentile === 100 ? 1 : Math.ceil(100 / (100 - percentile) - 1e-9);
  if (!Number.isInteger(times) || times < needed) {
    throw misused(`the ${percentile}th percentile needs at least ${needed} samples, not ${times}`);
  }
}

/** Asks again and again, and judges every answer, and the percentile of their times. */
export async function judgeSamples(
  samples: Samples & { readonly timeoutMs: number },
  tools: AttemptTools,
  askOnce: (tools: AttemptTools) => Promise<Asked>,
  expect: HttpExpectation,
): Promise<Attempt> {
  const times: number[] = [];
  for (let at = 0; at < samples.times; at++) {
    const answer = await withLimit(samples.timeoutMs, tools.signal, (signal) =>
      askOnce({ ...tools, signal }),
    );
    const findings = await judgeAnswer(answer, expect);
    const bad = findings.filter(({ ok }) => !ok);
    if (bad.length > 0) {
      const what = (text: string) => `sample ${at + 1} of ${samples.times}: ${text}`;
      return { findings: bad.map((one) => ({ ...one, what: what(one.what) })), ...answer.wait };
    }
    times.push(answer.ms);
  }
  const limit = durationMs(samples.within);
  const seen = percentileOf(times, samples.percentile);
  const what = `p${samples.percentile} of ${samples.times}`;
  const expected = `<= ${durationText(limit)}`;
  const ok = seen <= limit;
  const shown = { what, expected, seen: durationText(seen) };
  return { findings: [ok ? { ok, ...shown } : { ok, ...shown, failure: "assertion" }] };
}

/**
 * The percentile of some numbers by nearest rank: the smallest of them that so many percent do not exceed.
 *
 * @example
 * percentileOf([10, 20, 30, 40], 50); // 20
 */
export function percentileOf(numbers: readonly number[], percentile: number): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  const rank = Math.max(1, Math.ceil((percentile / 100) * sorted.length - 1e-9));
  return sorted[rank - 1] ?? Number.NaN;
}

function misused(message: string): CheckFailure {
  return new CheckFailure("configuration", message);
}

import { createRedactor } from "@slipway/kernel";
import type { Suite } from "../definition/suite.ts";
import { CheckFailure, isCheckFailure } from "../engine/check-failure.ts";
import { prepare } from "../engine/prepare.ts";
import type { CheckReport, SmokeReport } from "../engine/report.ts";
import { runSmoke, type SmokeOptions } from "../engine/run-smoke.ts";
import { checkSuite } from "../schema/check-suite.ts";
import { SmokeAssertionError } from "./smoke-assertion-error.ts";

/** What a test runner has to offer: vitest's `test`, `node:test`'s, or `Deno.test` with a line around it. */
export type RegisterTest = (name: string, body: () => Promise<void>, timeoutMs: number) => void;

/** What is told of a check that passed late, or did not pass and is optional; `at` counts the tests from 0. */
export type Tell = (check: CheckReport, at: number) => void;

/**
 * Makes a test of every check of a suite. The suite runs once, its checks side by side, when the first
 * test starts; each test waits for its own check.
 *
 * @throws {SlipwayError} SMOKE_INVALID when the value is no suite.
 * @throws {CheckFailure} when the suite cannot be made ready, or has no checks.
 * @example
 * await registerSmoke(suite, (name, body, timeout) => void test(name, { timeout }, body)); // node:test
 */
export async function registerSmoke(
  suite: Suite,
  register: RegisterTest,
  options: SmokeOptions & { readonly tell?: Tell } = {},
): Promise<void> {
  const checked = checkSuite(suite, suite.name ?? "smoke");
  const redactor = options.redactor ?? createRedactor();
  const { checks, deadlineMs } = await prepare(checked, {
    suite: options.suite,
    tags: options.tags,
    env: options.env ?? (() => undefined),
    runId: "plan",
    redactor,
  }).catch((error: unknown) => {
    throw isCheckFailure(error) ? new CheckFailure(error.failure, redactor.redact(error.message)) : error;
  });
  let run: Promise<SmokeReport> | undefined;
  for (const [at, { name }] of checks.entries()) {
    const body = async () => {
      run ??= runSmoke(checked, options);
      const report = await run;
      const check = report.checks[at];
      if (check === undefined) throw new Error(report.sentence);
      if (check.verdict === "pass" ? check.retried : check.optional) options.tell?.(check, at);
      if (check.verdict !== "pass" && !check.optional) throw new SmokeAssertionError(check);
    };
    // The run ends by itself at its deadline; clean-ups may take longer.
    register(redactor.redact(name), body, deadlineMs + 15_000);
  }
}

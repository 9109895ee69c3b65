import { describe, test } from "vitest";
import type { Suite } from "./src/definition/suite.ts";
import type { SmokeOptions } from "./src/engine/run-smoke.ts";
import { registerSmoke } from "./src/runners/register-smoke.ts";

/**
 * Makes a vitest test of every check of a suite; reporters, JUnit and GitHub annotations are vitest's own. The checks
 * run side by side. An optional check that fails is annotated and skipped.
 *
 * @example
 * // smoke.test.ts
 * await describeSmoke(suite, { env: (name) => process.env[name] });
 */
export async function describeSmoke(suite: Suite, options: SmokeOptions = {}): Promise<void> {
  const tests: { readonly name: string; readonly body: () => Promise<void>; readonly timeout: number }[] = [];
  // By number and not by name: a name may hold what differs from run to run.
  const notes = new Map<number, string>();
  const tell = (check: { readonly verdict: string; readonly message: string }, at: number) => {
    notes.set(
      at,
      check.verdict === "pass" ? "passed after a retry" : `optional, ${check.verdict}: ${check.message}`,
    );
  };
  await registerSmoke(suite, (name, body, timeout) => tests.push({ name, body, timeout }), {
    ...options,
    tell,
  });
  describe(`smoke ${suite.name ?? ""}`.trim(), () => {
    for (const [at, { name, body, timeout }] of tests.entries()) {
      test(name, { timeout }, async ({ annotate, skip }) => {
        await body();
        const note = notes.get(at);
        if (note === undefined) return;
        await annotate(note, note.startsWith("optional") ? "warning" : "notice");
        if (note.startsWith("optional")) skip(note);
      });
    }
  });
}

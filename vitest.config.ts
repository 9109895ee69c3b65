import { defineConfig } from "vitest/config";

/**
 * Two projects: `fast` is every `*.test.ts` (no database, no process of the product), `real` is every
 * `*.integration.test.ts` (real Postgres, Pulumi, processes). `fast` runs first and fails early.
 * Real tests start servers and processes of their own on free ports. Two files at a time keep two cores busy; more
 * would only make each of them slower, and its deadlines with it.
 */

/** For what must happen: a limit ends a test that hangs, and never judges speed. Vitest's own is one second. */
const PATIENCE_MS = 20_000;

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: "fast",
          include: ["packages/**/*.test.ts", "smoke/**/*.test.ts", "stacks/**/*.test.ts"],
          exclude: ["**/node_modules/**", "**/dist/**", "**/*.integration.test.ts"],
          // Fast on a quiet machine; a busy one must not make a failure of a test that is only slow.
          testTimeout: 30_000,
          hookTimeout: 30_000,
          expect: { poll: { timeout: PATIENCE_MS } },
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: {
          name: "real",
          include: ["packages/**/*.integration.test.ts", "smoke/**/*.integration.test.ts"],
          exclude: ["**/node_modules/**", "**/dist/**"],
          // Some take half a minute on a quiet machine, and a busy one may be four times slower.
          testTimeout: 240_000,
          hookTimeout: 240_000,
          expect: { poll: { timeout: PATIENCE_MS } },
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});

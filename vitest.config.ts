import { defineConfig } from "vitest/config";

/**
 * Two projects: `fast` is every `*.test.ts` (no database, no process of the product), `real` is every
 * `*.integration.test.ts` (real Postgres, Pulumi, processes). `fast` runs first and fails early.
 * Real tests start servers and processes of their own on free ports. Two files at a time keep two cores busy; more
 * would only make each of them slower, and its deadlines with it.
 */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: "fast",
          include: ["packages/**/*.test.ts", "smoke/**/*.test.ts", "stacks/**/*.test.ts"],
          exclude: ["**/node_modules/**", "**/dist/**", "**/*.integration.test.ts"],
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: {
          name: "real",
          include: ["packages/**/*.integration.test.ts", "smoke/**/*.integration.test.ts"],
          exclude: ["**/node_modules/**", "**/dist/**"],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});

import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { readMigrations, readRlsTests, testPolicies } from "@slipway/migrations";
import { buildCommand } from "@stricli/core";
import type { CliContext } from "../../cli-context.ts";
import { exitCodes } from "../../exit-codes.ts";
import { type CommonFlags, outputFlag } from "../../flags.ts";
import { findProject } from "../../project.ts";
import { verb } from "../../verb.ts";
import { migrationsFolder } from "../migrations-folder.ts";
import { databaseFlag, databaseOf, fromEnvFlag } from "../prove/database-flag.ts";
import { withProofPlace } from "../prove/proof-place.ts";
import { renderReport, renderTest } from "./render-report.ts";

interface TestFlags extends CommonFlags {
  readonly mutate?: boolean;
  readonly database?: string;
}

export const testCommand = buildCommand<TestFlags, [string?], CliContext>({
  docs: {
    customUsage: ["[flags] [<folder>]"],
    brief: "Test row level security as the roles it holds for",
    fullDescription: [
      "Applies the migrations to a database made for it and runs the tests of a folder there (default",
      "migrations/tests), each as the roles that it names and in a transaction that is rolled back: SQL",
      "files with lines -- rls: ..., pgTAP files where the server has pgTAP, and modules with rlsTest.",
      "No test, a test that expects nothing, and a run in which no policy was met, fail.",
      "",
      "With --mutate each policy is removed, and opened for everything, and a test has to go red.",
      "",
      "Examples:",
      "  slipway migrate test",
      "  slipway migrate test --mutate",
      "  slipway migrate test supabase/tests --database postgres://localhost/staging",
      "",
      "Exit codes: 0 pass; 1 fail; 2 a test cannot be used; 64 usage.",
    ].join("\n"),
  },
  parameters: {
    positional: {
      kind: "tuple",
      parameters: [{ parse: String, brief: "The tests' folder", placeholder: "folder", optional: true }],
    },
    flags: {
      mutate: {
        kind: "boolean",
        optional: true,
        withNegated: false,
        brief: "Change each policy: a test has to notice",
      },
      database: { ...databaseFlag, brief: "Test on a copy of this database" },
      env: { ...fromEnvFlag, brief: "Test on a copy of this environment's database" },
      output: outputFlag,
    },
  },
  func: verb(async (context, flags: TestFlags, folder?: string) => {
    const { output, mutate = false } = flags;
    const { cwd } = context.process;
    const { root } = findProject(cwd);
    const home = migrationsFolder(cwd);
    const migrations = await readMigrations(home);
    const named = folder === undefined ? join(home, "tests") : resolve(cwd, folder);
    // A folder that was not asked for and is not there holds no test, which is told as such.
    const tests = folder === undefined && !existsSync(named) ? [] : await readRlsTests(named);
    const database = await databaseOf(context, flags);
    await withProofPlace({ root, migrations, database }, async ({ kind, words, adminUrl, options }) => {
      context.progress(`testing policies on ${words}`);
      const report = await testPolicies(adminUrl, migrations, tests, {
        ...options,
        mutate,
        signal: context.signal,
        onTest(result) {
          context.event(output, { event: "test", ...result });
          if (output === "text") context.progress(renderTest(result));
        },
      });
      context.result(output, { ...report, place: { kind, words } }, renderReport(report));
      context.exit(report.verdict === "pass" ? exitCodes.done : exitCodes.failed);
    });
  }),
});

import { existsSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import {
  countFindings,
  isSupabase,
  type LintFinding,
  type LintSource,
  lintMigrations,
  lintSources,
  renderFindings,
  renderSarif,
  type SqlSource,
  waiveSquawk,
} from "@slipway/migrations";
import { buildCommand } from "@stricli/core";
import type { CliContext, OutputFormat } from "../../cli-context.ts";
import { exitCodes } from "../../exit-codes.ts";
import { verb } from "../../verb.ts";
import { version } from "../../version.ts";
import { migrationsFolder } from "../migrations-folder.ts";
import { changedSince } from "./changed-since.ts";
import { runSquawk } from "./run-squawk.ts";

interface LintFlags {
  readonly output: "text" | "json" | "sarif";
  readonly squawk?: boolean;
  readonly since?: string;
  readonly supabase: "auto" | "yes" | "no";
}

/** The same with a form that errors can be told in too. */
type Asked = Omit<LintFlags, "output"> & { readonly output: OutputFormat; readonly sarif: boolean };

export const lintCommand = buildCommand<LintFlags, string[], CliContext>({
  docs: {
    customUsage: ["[flags] [<files>...]"],
    brief: "Find what is wrong, slow or dangerous in migrations",
    fullDescription: [
      "Looks at all migrations with their rollbacks, or at the files and folders that are named. Needs no",
      "database. Exits 1 when there is an error, 0 with warnings and notes only. slipway cut does the same",
      "with a release's new migrations. The rules and how to allow one are in packages/docs/lint.md.",
      "",
      "Examples:",
      "  slipway migrate lint",
      "  slipway migrate lint --since main --squawk",
      "  slipway migrate lint supabase/migrations",
      "  slipway migrate lint --output sarif > lint.sarif",
    ].join("\n"),
  },
  parameters: {
    positional: {
      kind: "array",
      parameter: { parse: String, brief: "Migrations, or folders with migrations", placeholder: "files" },
    },
    flags: {
      squawk: {
        kind: "boolean",
        optional: true,
        withNegated: false,
        brief: "Ask squawk too",
      },
      since: {
        kind: "parsed",
        parse: String,
        optional: true,
        placeholder: "ref",
        brief: "Only what changed since",
      },
      supabase: {
        kind: "enum",
        values: ["auto", "yes", "no"],
        default: "auto",
        brief: "The rules for Supabase",
      },
      output: {
        kind: "enum",
        values: ["text", "json", "sarif"],
        default: "text",
        brief: "The form of the result",
      },
    },
  },
  func: function (this: CliContext, { output, ...flags }: LintFlags, ...paths: string[]) {
    const sarif = output === "sarif";
    return verb(lint).call(this, { ...flags, output: output === "sarif" ? "json" : output, sarif }, ...paths);
  },
});

async function lint(context: CliContext, flags: Asked, ...paths: string[]): Promise<void> {
  const { cwd } = context.process;
  const folders = paths.length === 0 ? [migrationsFolder(cwd)] : paths.map((path) => resolve(cwd, path));
  const sources = lintSources(folders, (path) => relative(cwd, path));
  const judged = await judgedFiles(sources, flags, cwd, folders);
  const findings = await lintMigrations(sources, {
    now: new Date(),
    supabase: flags.supabase === "auto" ? looksLikeSupabase(sources, cwd) : flags.supabase === "yes",
    // What is named by itself may be another tool's, which has its rollbacks elsewhere or none.
    rollbacks: paths.length === 0,
    ...(judged === null ? {} : { judged, together: true }),
  });
  const files = sources.map(({ up }) => up.file).filter((file) => judged?.has(file) ?? true);
  const asked = sources.filter(({ up }) => files.includes(up.file)).map(({ up }) => up);
  const all = flags.squawk === true ? [...findings, ...(await squawk(context, asked))] : findings;
  tell(context, flags, all, files.length);
}

async function squawk({ process }: CliContext, sources: readonly SqlSource[]): Promise<LintFinding[]> {
  const files = sources.map(({ file }) => file);
  const found = await runSquawk(files, { cwd: process.cwd, path: process.env.PATH ?? "" });
  return waiveSquawk(found, sources, new Date());
}

function tell(context: CliContext, flags: Asked, findings: readonly LintFinding[], files: number): void {
  const counts = countFindings(findings);
  const view = flags.sarif ? renderSarif(findings, version) : { findings, counts, migrations: files };
  context.result(flags.output, view, renderFindings(findings, files));
  if (counts.errors > 0) context.exit(exitCodes.failed);
}

async function judgedFiles(
  sources: readonly LintSource[],
  { since }: Asked,
  cwd: string,
  asked: readonly string[],
): Promise<Set<string> | null> {
  if (since === undefined) return null;
  const changed = new Set<string>();
  for (const path of asked) {
    const folder = path.endsWith(".sql") ? join(path, "..") : path;
    for (const file of await changedSince(folder, since)) changed.add(relative(cwd, join(folder, file)));
  }
  const isChanged = ({ up, rollback }: LintSource) =>
    changed.has(up.file) || changed.has(rollback?.file ?? "");
  return new Set(sources.filter(isChanged).map(({ up }) => up.file));
}

function looksLikeSupabase(sources: readonly LintSource[], cwd: string): boolean {
  if (sources.some(({ up }) => /(?:^|\/)supabase\//.test(resolve(cwd, up.file).replaceAll("\\", "/"))))
    return true;
  return existsSync(join(cwd, "supabase", "config.toml")) || isSupabase(sources.map(({ up }) => up.text));
}

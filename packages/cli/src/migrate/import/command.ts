import { relative, resolve } from "node:path";
import {
  applyImport,
  type ImportPlan,
  importRefused,
  type Layout,
  layouts,
  planImport,
} from "@slipway/migrations";
import { buildCommand } from "@stricli/core";
import type { CliContext, OutputFormat } from "../../cli-context.ts";
import { outputFlag } from "../../flags.ts";
import { verb } from "../../verb.ts";
import { migrationsFolder } from "../migrations-folder.ts";

interface ImportFlags {
  readonly output: OutputFormat;
  readonly from: Layout | "auto";
  readonly dryRun?: boolean;
  readonly allowGaps?: string;
}

export const importCommand = buildCommand<ImportFlags, [string], CliContext>({
  docs: {
    customUsage: ["[flags] <folder>"],
    brief: "Bring another tool's migrations into our layout",
    fullDescription: [
      "Tools: supabase, dbmate, node-pg-migrate (SQL), golang-migrate, flyway, goose, sql-migrate, prisma,",
      "diesel; told by the files unless --from says which. The plan is shown first; with any problem",
      "nothing is written, and nothing is ever overwritten. Run again, it adds what is new. The other",
      "tool's files stay as they are.",
      "",
      "Examples:",
      "  slipway migrate import supabase/migrations --dry-run",
      "  slipway migrate import db/migrations --from dbmate",
    ].join("\n"),
  },
  parameters: {
    positional: {
      kind: "tuple",
      parameters: [{ parse: String, brief: "The folder with the migrations", placeholder: "folder" }],
    },
    flags: {
      from: {
        kind: "parsed",
        parse: tool,
        default: "auto",
        placeholder: "tool",
        brief: "Whose layout it is",
      },
      dryRun: { kind: "boolean", optional: true, withNegated: false, brief: "Only show the plan" },
      allowGaps: {
        kind: "parsed",
        parse: String,
        optional: true,
        placeholder: "reason",
        brief: "Why versions may be missing",
      },
      output: outputFlag,
    },
  },
  func: verb(async (context, flags: ImportFlags, folder: string) => {
    const { cwd } = context.process;
    const into = migrationsFolder(cwd);
    const plan = await planImport(resolve(cwd, folder), {
      from: flags.from,
      into,
      now: new Date(),
      ...(flags.allowGaps === undefined ? {} : { gapReason: flags.allowGaps }),
    });
    if (plan.problems.length > 0) throw importRefused(plan);
    const place = relative(cwd, into) || ".";
    if (flags.dryRun !== true) {
      context.progress(renderPlan(plan, place));
      const written = applyImport(plan, into);
      context.result(
        flags.output,
        { plan: view(plan), written },
        `imported ${written.length} files into ${place}`,
      );
    } else context.result(flags.output, { plan: view(plan), written: [] }, renderPlan(plan, place));
  }),
});

function tool(word: string): ImportFlags["from"] {
  const known = (["auto", ...layouts] as const).find((name) => name === word);
  if (known === undefined) throw new SyntaxError(`is one of auto, ${layouts.join(", ")}`);
  return known;
}

// The SQL is in the files; a list of a thousand migrations is long enough without.
function view({ layout, migrations, skipped }: ImportPlan): unknown {
  return {
    layout,
    migrations: migrations.map(({ up: _up, down, ...rest }) => ({ ...rest, rollback: down !== null })),
    skipped,
  };
}

/** The plan, for people: a line for each migration, and what is changed in it. */
export function renderPlan({ layout, migrations, skipped }: ImportPlan, into: string): string {
  const fresh = migrations.filter(({ state }) => state === "new");
  return [
    `from ${layout} into ${into}: ${fresh.length} new, ${migrations.length - fresh.length} there already`,
    ...fresh.map(({ id, changes }) => `  ${id}${changes.length > 0 ? `  (${changes.join("; ")})` : ""}`),
    ...(skipped.length > 0 ? [`  left out, as ${layout} does: ${skipped.join(", ")}`] : []),
  ].join("\n");
}

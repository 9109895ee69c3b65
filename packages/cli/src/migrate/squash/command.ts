import { join, relative } from "node:path";
import { nameSome, SlipwayError } from "@slipway/kernel";
import {
  finishSquash,
  planSquash,
  proveSquash,
  readMigrations,
  refuseSquash,
  type SquashPlan,
  type SquashProof,
  type SquashResult,
  writeSquash,
} from "@slipway/migrations";
import { listManifests, readGitState } from "@slipway/release";
import { buildCommand } from "@stricli/core";
import type { CliContext } from "../../cli-context.ts";
import { type CommonFlags, outputFlag } from "../../flags.ts";
import { findProject, readEnvironment } from "../../project.ts";
import { verb } from "../../verb.ts";
import { migrationsFolder } from "../migrations-folder.ts";
import { withProofPlace } from "../prove/proof-place.ts";
import { squashable } from "./squashable.ts";

interface SquashFlags extends Pick<CommonFlags, "output"> {
  readonly through?: string;
  readonly name: string;
  readonly dryRun?: boolean;
}

export const squashCommand = buildCommand<SquashFlags, [], CliContext>({
  docs: {
    customUsage: ["[flags]"],
    brief: "Make one file of the old migrations",
    fullDescription: [
      "New databases run the one file. Databases that have applied the old ones run nothing, and neither",
      "does a pin that goes back to a release with the single files. Only what the newest release and",
      "every stack's pin have can be squashed. Before anything is written the file is proved: it makes",
      "the same schema and rows as the single ones, and its rollback leads back. Git keeps the old files.",
      "",
      "Examples:",
      "  slipway migrate squash --dry-run",
      "  slipway migrate squash --through 20260101000007 --name start",
      "",
      "Exit codes: 0 written, or shown; 2 refused, nothing changed; 64 usage.",
    ].join("\n"),
  },
  parameters: {
    flags: {
      through: {
        kind: "parsed",
        parse: String,
        optional: true,
        placeholder: "version",
        brief: "The last one; else all that every stack has",
      },
      name: {
        kind: "parsed",
        parse: migrationName,
        default: "squashed",
        placeholder: "name",
        brief: "What the file is called behind its version",
      },
      dryRun: { kind: "boolean", optional: true, withNegated: false, brief: "Prove it, and write nothing" },
      output: outputFlag,
    },
  },
  func: verb(async (context, flags: SquashFlags) => {
    const project = findProject(context.process.cwd);
    const folder = migrationsFolder(context.process.cwd);
    const place = relative(context.process.cwd, folder) || ".";
    const finished = finishSquash(folder);
    if (finished !== null) {
      const text = `ended the squash that was interrupted: ${renderResult(finished, place)}`;
      return context.result(flags.output, { plan: null, proof: null, ...finished }, text);
    }
    refuseDirty((await readGitState(project.root)).changes);
    const migrations = await readMigrations(folder);
    const pins = project.environments.map((stack) => ({
      stack,
      release: readEnvironment(project, stack).config.release,
    }));
    const known = squashable(
      migrations,
      listManifests(join(project.stacks, "releases")),
      pins,
      flags.through,
    );
    const plan = await planSquash(migrations, {
      through: flags.through ?? known.at(-1)!.id,
      name: flags.name,
    });
    context.progress(renderPlan(plan));
    refuseSquash(plan);
    const parts = migrations.slice(0, plan.parts.length);
    const proof = await withProofPlace({ root: project.root, migrations: parts, database: null }, (at) => {
      context.progress(`proving it on ${at.words}`);
      return proveSquash(at.adminUrl, parts, plan, { ...at.options, signal: context.signal });
    });
    refuseUnproved(plan, proof);
    const result = flags.dryRun === true ? null : writeSquash(folder, parts, plan);
    const { up: _up, down, ...shown } = plan;
    context.result(
      flags.output,
      {
        plan: { ...shown, rollback: down !== null },
        proof,
        id: plan.id,
        written: result?.written ?? [],
        removed: result?.removed ?? [],
      },
      result === null
        ? `${plan.id} is proved; nothing was written`
        : `${renderResult(result, place)}\n  next: git add -A ${place} && git commit, then slipway cut <version>`,
    );
  }),
});

function renderPlan({ id, parts, replaces, down, problems }: SquashPlan): string {
  const why = new Map(problems.map((problem) => [problem.id, problem.why]));
  return [
    `${id} for ${parts.length} migrations (${replaces.length} released ones)${down === null ? ", without a rollback" : ""}:`,
    ...parts.map((part) => `  ${part}${why.has(part) ? `  cannot be joined: ${why.get(part)}` : ""}`),
  ].join("\n");
}

function renderResult({ id, written, removed }: SquashResult, place: string): string {
  return `wrote ${written.map((file) => join(place, file)).join(" and ")}; ${removed.length} files are gone, git has them; ${id} replaces them`;
}

function refuseUnproved({ id }: SquashPlan, { verdict, why, differences }: SquashProof): void {
  if (verdict === "pass") return;
  throw new SlipwayError("SQUASH_REFUSED", {
    what: `Cannot squash the migrations into "${id}"`,
    why: [why, differences.slice(0, 8).join("; ")].filter(Boolean).join(": "),
    todo: "Squash up to an older migration with --through, or leave them single",
  });
}

function refuseDirty(changes: readonly string[]): void {
  if (changes.length === 0) return;
  throw new SlipwayError("TREE_DIRTY", {
    what: "Cannot squash the migrations",
    why: `git has to keep the single files, and not as committed are ${nameSome(changes, 10)}`,
    todo: "Commit these files, or stash them",
  });
}

function migrationName(word: string): string {
  if (/^[a-z0-9_]+$/.test(word)) return word;
  throw new SyntaxError("a name is lower-case letters, digits and underscores");
}

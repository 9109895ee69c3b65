import { history } from "@slipway/ledger";
import { buildCommand } from "@stricli/core";
import { age } from "../age.ts";
import { type CliContext, reportError } from "../cli-context.ts";
import { type CommonFlags, envFlag, outputFlag } from "../flags.ts";
import { findProject, openProject, readEnvironment } from "../project.ts";
import { renderTable } from "../render-table.ts";

interface HistoryFlags extends CommonFlags {
  readonly limit: number;
}

export const historyCommand = buildCommand<HistoryFlags, [], CliContext>({
  docs: {
    brief: "The runs of an environment, newest first, as the ledger shows them",
    fullDescription:
      "A run that ended without a word, because its process was killed, is shown as killed.\n\nExamples:\n  slipway history\n  slipway history --env production --limit 5 --output json",
  },
  parameters: {
    flags: {
      env: envFlag,
      limit: { kind: "parsed", parse: parseLimit, default: "20", brief: "How many runs" },
      output: outputFlag,
    },
  },
  async func({ env, limit, output }) {
    try {
      const project = findProject(this.process.cwd);
      const environment = openProject(this, project, readEnvironment(project, env).settings);
      try {
        const db = await environment.database();
        const { ledger } = await environment.observe();
        const runs = db === null || ledger.version === 0 ? [] : await history(db, limit);
        const rows = runs.map((run) => [
          String(run.id),
          age(run.openedAt, Date.now()),
          `${run.fromRelease ?? "-"} -> ${run.release}`,
          run.outcome ?? `running (${run.stage})`,
          run.actor,
          run.error?.split(":")[0] ?? run.reason ?? "",
        ]);
        const text =
          runs.length === 0
            ? `no runs in ${env} yet`
            : renderTable(["run", "when", "release", "outcome", "by", "why"], rows);
        this.result(output, { environment: env, runs }, text);
      } finally {
        await environment.close();
      }
    } catch (error) {
      reportError(this, output, error);
    }
  },
});

function parseLimit(text: string): number {
  const limit = Number(text);
  if (!Number.isInteger(limit) || limit < 1 || limit > 1000)
    throw new RangeError(`--limit must be a whole number from 1 to 1000: it is ${text}`);
  return limit;
}

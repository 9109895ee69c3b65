import { exportAudit } from "@slipway/ledger";
import { buildCommand } from "@stricli/core";
import { type CliContext, reportError } from "../cli-context.ts";
import { envFlag } from "../flags.ts";
import { findProject, openProject, readEnvironment } from "../project.ts";

export const auditExportCommand = buildCommand<{ env: string }, [], CliContext>({
  docs: {
    brief: "Write the audit chain as one JSON line per event",
    fullDescription:
      "Examples:\n  slipway audit export > audit.ndjson\n  slipway audit export --env production | slipway audit verify -",
  },
  parameters: { flags: { env: envFlag } },
  async func({ env }) {
    try {
      const project = findProject(this.process.cwd);
      const environment = openProject(this, project, readEnvironment(project, env).settings);
      try {
        const db = await environment.database();
        const { ledger } = await environment.observe();
        if (db === null || ledger.version === 0) return;
        for await (const event of exportAudit(db)) this.process.stdout.write(`${JSON.stringify(event)}\n`);
      } finally {
        await environment.close();
      }
    } catch (error) {
      reportError(this, "text", error);
    }
  },
});

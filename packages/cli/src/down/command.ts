import { join } from "node:path";
import { runSession, stopEverything } from "@slipway/environment";
import { embeddedPostgres } from "@slipway/targets";
import { buildCommand } from "@stricli/core";
import { type CliContext, reportError } from "../cli-context.ts";
import { confirm } from "../confirm.ts";
import { exitCodes } from "../exit-codes.ts";
import { type CommonFlags, envFlag, outputFlag, yesFlag } from "../flags.ts";
import { findProject, openProject, readEnvironment } from "../project.ts";

export const downCommand = buildCommand<CommonFlags & { yes: boolean }, [], CliContext>({
  docs: {
    brief: "Stop what an environment runs; its data stays",
    fullDescription: [
      "Stops the services, the router and the embedded database. No migration is undone and nothing is",
      "deleted: slipway up brings it all back.",
      "",
      "Examples:",
      "  slipway down",
      "  slipway down --env staging --yes",
    ].join("\n"),
  },
  parameters: { flags: { env: envFlag, yes: yesFlag, output: outputFlag } },
  async func({ env, yes, output }) {
    try {
      const project = findProject(this.process.cwd);
      const { settings } = readEnvironment(project, env);
      const environment = openProject(this, project, settings);
      const running = (await environment.target.instances()).filter(({ alive }) => alive).map(({ id }) => id);
      this.progress(
        `${env}: stops ${running.length === 0 ? "no instances" : running.join(", ")}, the router${"embedded" in settings.database ? " and the embedded database" : ""}; data stays`,
      );
      const question = `Stop ${env}?`;
      if (!(await confirm(this, question, yes || env === "dev"))) return this.exit(exitCodes.refused);
      const session = runSession(environment);
      await stopEverything(session);
      await session.close();
      if ("embedded" in settings.database)
        await embeddedPostgres({ folder: join(environment.folders.state, "postgres") }).stop();
      this.result(
        output,
        { environment: env, stopped: running },
        `${env} is down\n  again: slipway up --env ${env}`,
      );
    } catch (error) {
      reportError(this, output, error);
    }
  },
});

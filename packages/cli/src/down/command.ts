import { join } from "node:path";
import { type OpenEnvironment, runSession, stopEverything } from "@slipway/environment";
import { type EmbeddedPostgres, embeddedPostgres } from "@slipway/targets";
import { buildCommand } from "@stricli/core";
import type { CliContext } from "../cli-context.ts";
import { confirm } from "../confirm.ts";
import { environmentName } from "../environment-name.ts";
import { exitCodes } from "../exit-codes.ts";
import { type CommonFlags, envFlag, envWord, outputFlag, yesFlag } from "../flags.ts";
import { findProject, openProject, readEnvironment } from "../project.ts";
import { verb } from "../verb.ts";

interface DownFlags extends CommonFlags {
  readonly yes?: boolean;
}

export const downCommand = buildCommand<DownFlags, [string?], CliContext>({
  docs: {
    customUsage: ["[flags] [<env>]"],
    brief: "Stop what an environment runs; its data stays",
    fullDescription: [
      "Stops the services, the router and the embedded database. No migration is undone and nothing is",
      "deleted: slipway up brings it all back. Asks first, except for dev.",
      "",
      "Examples:",
      "  slipway down",
      "  slipway down staging --yes",
    ].join("\n"),
  },
  parameters: { positional: envWord, flags: { env: envFlag, yes: yesFlag, output: outputFlag } },
  func: verb(async (context, flags: DownFlags, word?: string) => {
    const name = environmentName(context.process.env, flags, word);
    const { settings } = readEnvironment(findProject(context.process.cwd), name);
    const environment = openProject(context, findProject(context.process.cwd), settings);
    const postgres =
      "embedded" in settings.database
        ? embeddedPostgres({ folder: join(environment.folders.state, "postgres") })
        : null;
    const { running, stopped } = await whatRuns(environment, postgres);
    if (running.length === 0) {
      context.result(flags.output, { environment: name, stopped }, `${name} is down already`);
      return;
    }
    context.progress(`${name}: stops ${running.join(", ")}; data stays`);
    if (!(await confirm(context, `Stop ${name}?`, flags.yes === true || name === "dev")))
      return context.exit(exitCodes.refused);
    const session = runSession(environment);
    try {
      await stopEverything(session);
    } finally {
      await session.close();
    }
    await postgres?.stop();
    context.result(
      flags.output,
      { environment: name, stopped },
      `${name} is down\n  again: slipway up --env ${name}`,
    );
  }),
});

async function whatRuns({ target }: OpenEnvironment, postgres: EmbeddedPostgres | null) {
  const stopped = (await target.instances()).filter(({ alive }) => alive).map(({ id }) => id);
  const router = (await target.traffic()).running ? ["the router"] : [];
  const database = (await postgres?.status()) === "running" ? ["the embedded database"] : [];
  return { stopped, running: [...stopped, ...router, ...database] };
}

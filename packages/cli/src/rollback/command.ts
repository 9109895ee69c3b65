import { SlipwayError } from "@slipway/kernel";
import { isVersion } from "@slipway/release";
import { buildCommand } from "@stricli/core";
import type { CliContext } from "../cli-context.ts";
import { environmentName } from "../environment-name.ts";
import { envFlag, outputFlag, reasonFlag, yesFlag } from "../flags.ts";
import { findProject, withEnvironment } from "../project.ts";
import { type UpFlags, upEnvironment } from "../up/command.ts";
import { verb } from "../verb.ts";
import { renderTargets } from "./render-targets.ts";
import { type RollbackTarget, rollbackTargets } from "./rollback-targets.ts";

export const rollbackCommand = buildCommand<UpFlags, [string?], CliContext>({
  docs: {
    customUsage: ["[flags] [<version>]"],
    brief: "Go back to a release that passed before; without a version, list them",
    fullDescription: [
      "Reverts the pin and brings the environment to it: the old release runs and serves again, and the",
      "rollback SQL of the newer one runs from the ledger. No file of the newer release is needed.",
      "",
      "Examples:",
      "  slipway rollback                        list what dev can go back to",
      "  slipway rollback 1.0.0                  go back to 1.0.0, asking first",
      "  slipway rollback 1.0.0 --env production --yes --reason 'orders fail, see incident 12'",
    ].join("\n"),
  },
  parameters: {
    positional: {
      kind: "tuple",
      parameters: [
        { parse: String, brief: "The release to go back to", placeholder: "version", optional: true },
      ],
    },
    flags: { env: envFlag, yes: yesFlag, reason: reasonFlag, output: outputFlag },
  },
  func: verb(async (context, flags: UpFlags, version?: string) => {
    const name = environmentName(context.process.env, flags);
    const { environments } = findProject(context.process.cwd);
    if (version !== undefined && !isVersion(version) && environments.includes(version)) {
      throw new SlipwayError("USAGE", {
        what: `Cannot roll back to "${version}"`,
        why: "it is an environment, and not a release",
        todo: `slipway rollback --env ${version} lists what it can go back to`,
      });
    }
    const targets = await withEnvironment(context, name, ({ environment }) => rollbackTargets(environment));
    if (version === undefined) {
      context.result(flags.output, { environment: name, targets }, renderTargets(name, targets, Date.now()));
      return;
    }
    if (!targets.some((target) => target.version === version)) throw neverPassed(name, version, targets);
    await upEnvironment(context, name, flags, version);
  }),
});

function neverPassed(name: string, version: string, targets: readonly RollbackTarget[]): SlipwayError {
  const passed = targets.map((target) => target.version).join(", ");
  return new SlipwayError("RELEASE_UNKNOWN", {
    what: `Cannot roll back to "${version}"`,
    why: `it never passed in ${name}; ${passed === "" ? "nothing did yet" : `these did: ${passed}`}`,
    todo: `slipway rollback --env ${name} lists them; or slipway pin ${name} <version>, then slipway up`,
  });
}

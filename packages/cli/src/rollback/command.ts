import { SlipwayError } from "@slipway/kernel";
import { isVersion } from "@slipway/release";
import { buildCommand } from "@stricli/core";
import type { CliContext } from "../cli-context.ts";
import { environmentName } from "../environment-name.ts";
import { outputFlag, reasonFlag, yesFlag } from "../flags.ts";
import { estimateFromFlag, type PlanFlags, planEnvFlag, showPlan } from "../plan/show-plan.ts";
import { findProject, withEnvironment } from "../project.ts";
import { type UpFlags, upEnvironment } from "../up/command.ts";
import { verb } from "../verb.ts";
import { renderTargets } from "./render-targets.ts";
import { type RollbackTarget, rollbackTargets } from "./rollback-targets.ts";

interface RollbackFlags extends UpFlags, PlanFlags {
  readonly dryRun?: boolean;
}

export const rollbackCommand = buildCommand<RollbackFlags, [string?], CliContext>({
  docs: {
    customUsage: ["[flags] [<version>]"],
    brief: "Go back to a release that passed before; without a version, list them",
    fullDescription: [
      "Reverts the pin and brings the environment to it: the old release runs and serves again, and the",
      "rollback SQL of the newer one runs from the ledger. No file of the newer release is needed.",
      "",
      "Examples:",
      "  slipway rollback                        list what dev can go back to",
      "  slipway rollback 1.0.0 --dry-run        what going back would do and lose; changes nothing",
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
    flags: {
      env: planEnvFlag,
      dryRun: {
        kind: "boolean",
        optional: true,
        withNegated: false,
        brief: "Show the plan, and change nothing",
      },
      estimateFrom: estimateFromFlag,
      yes: yesFlag,
      reason: reasonFlag,
      output: outputFlag,
    },
  },
  func: verb(async (context, flags: RollbackFlags, version?: string) => {
    const name = environmentName(context.process.env, flags);
    const { environments } = findProject(context.process.cwd);
    if (version !== undefined && !isVersion(version) && environments.includes(version)) {
      throw new SlipwayError("USAGE", {
        what: `Cannot roll back to "${version}"`,
        why: "it is an environment, and not a release",
        todo: `slipway rollback --env ${version} lists what it can go back to`,
      });
    }
    if (flags.dryRun !== true && flags.estimateFrom !== undefined)
      throw needs("--estimate-from", "--dry-run");
    if (flags.dryRun === true && version === undefined) throw needs("--dry-run", "a version");
    const targets = await withEnvironment(context, name, ({ environment }) => rollbackTargets(environment));
    if (version === undefined) {
      context.result(flags.output, { environment: name, targets }, renderTargets(name, targets, Date.now()));
      return;
    }
    if (!targets.some((target) => target.version === version)) throw neverPassed(name, version, targets);
    if (flags.dryRun === true) {
      await withEnvironment(context, name, (opened) => showPlan(context, opened, flags, version));
      return;
    }
    await upEnvironment(context, name, flags, version);
  }),
});

function needs(flag: string, what: string): SlipwayError {
  return new SlipwayError("USAGE", {
    what: `Cannot roll back with ${flag} alone`,
    why: `${flag} needs ${what}`,
    todo: "slipway rollback <version> --dry-run; slipway rollback lists the versions",
  });
}

function neverPassed(name: string, version: string, targets: readonly RollbackTarget[]): SlipwayError {
  const passed = targets.map((target) => target.version).join(", ");
  return new SlipwayError("RELEASE_UNKNOWN", {
    what: `Cannot roll back to "${version}"`,
    why: `it never passed in ${name}; ${passed === "" ? "nothing did yet" : `these did: ${passed}`}`,
    todo: `slipway rollback --env ${name} lists them; or slipway pin ${name} <version>, then slipway up`,
  });
}

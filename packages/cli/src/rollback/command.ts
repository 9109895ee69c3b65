import { SlipwayError } from "@slipway/kernel";
import { buildCommand } from "@stricli/core";
import { age } from "../age.ts";
import { type CliContext, reportError } from "../cli-context.ts";
import { type CommonFlags, envFlag, outputFlag, reasonFlag, yesFlag } from "../flags.ts";
import { findProject, openProject, readEnvironment } from "../project.ts";
import { renderTable } from "../render-table.ts";
import { upEnvironment } from "../up/command.ts";
import { type RollbackTarget, rollbackTargets } from "./rollback-targets.ts";

interface RollbackFlags extends CommonFlags {
  readonly yes: boolean;
  readonly reason?: string;
}

export const rollbackCommand = buildCommand<RollbackFlags, [string?], CliContext>({
  docs: {
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
  async func(flags, version) {
    try {
      const project = findProject(this.process.cwd);
      const { settings } = readEnvironment(project, flags.env);
      const environment = openProject(this, project, settings);
      let targets: RollbackTarget[];
      try {
        targets = await rollbackTargets(environment);
      } finally {
        await environment.close();
      }
      if (version === undefined) {
        this.result(
          flags.output,
          { environment: flags.env, targets },
          renderTargets(flags.env, targets, Date.now()),
        );
        return;
      }
      const target = targets.find((candidate) => candidate.version === version);
      if (target === undefined) {
        throw new SlipwayError("RELEASE_UNKNOWN", {
          what: `Cannot roll back to "${version}"`,
          why: `it never passed in ${flags.env}${targets.length === 0 ? "" : `; these did: ${targets.map((candidate) => candidate.version).join(", ")}`}`,
          todo: "Pick one of the list of slipway rollback, or pin it with slipway pin and run slipway up",
        });
      }
      await upEnvironment(this, flags, version);
    } catch (error) {
      reportError(this, flags.output, error);
    }
  },
});

/** The list for people. */
export function renderTargets(environment: string, targets: readonly RollbackTarget[], now: number): string {
  if (targets.length === 0) return `no release passed in ${environment} yet`;
  const rows = targets.map(({ version, verifiedAt, current, undo, problem }) => [
    version,
    age(verifiedAt, now),
    current ? "wanted now" : problem === null ? "verified" : problem,
    undo.length === 0 ? "none" : undo.join(", "),
  ]);
  return `${renderTable(["release", "passed", "state", "migrations undone"], rows)}\n\ngo back: slipway rollback <release> --env ${environment}`;
}

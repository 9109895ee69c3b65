import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import {
  type EnvironmentSettings,
  type OpenEnvironment,
  openEnvironment,
  settingsFrom,
} from "@slipway/environment";
import { SlipwayError } from "@slipway/kernel";
import { readStackFile, type StackConfig } from "@slipway/release";
import { parse } from "yaml";
import type { CliContext } from "./cli-context.ts";

/** A Slipway project on disk. */
export interface Project {
  readonly name: string;
  readonly root: string;
  /** The folder that Pulumi runs in. */
  readonly stacks: string;
  readonly environments: readonly string[];
}

/**
 * Finds the project that a folder lies in: the nearest folder above with `stacks/Pulumi.yaml`.
 *
 * @throws {SlipwayError} PROJECT_NOT_FOUND.
 */
export function findProject(from: string): Project {
  for (let root = from; ; root = dirname(root)) {
    const stacks = join(root, "stacks");
    const file = join(stacks, "Pulumi.yaml");
    if (existsSync(file)) {
      const { name } = parse(readFileSync(file, "utf8")) as { name: string };
      return { name, root, stacks, environments: environmentsIn(stacks) };
    }
    if (root === dirname(root))
      throw new SlipwayError("PROJECT_NOT_FOUND", {
        what: "Cannot find a project",
        why: `no folder above ${from} has stacks/Pulumi.yaml`,
      });
  }
}

/** The file of an environment's stack. @throws {SlipwayError} ENVIRONMENT_UNKNOWN. */
export function stackFile(project: Project, environment: string): string {
  if (!project.environments.includes(environment)) {
    throw new SlipwayError("ENVIRONMENT_UNKNOWN", {
      what: `Cannot find environment "${environment}"`,
      why: `the project has ${project.environments.join(", ") || "none"}`,
      todo: `Use one of them, or write stacks/Pulumi.${environment}.yaml`,
    });
  }
  return join(project.stacks, `Pulumi.${environment}.yaml`);
}

/** An environment's stack configuration and the settings that come of it. */
export function readEnvironment(
  project: Project,
  environment: string,
): { config: StackConfig; settings: EnvironmentSettings } {
  const config = readStackFile(stackFile(project, environment));
  return { config, settings: settingsFrom(config, { project: project.name, environment }) };
}

/** Opens an environment for looking at it; the caller closes it. */
export function openProject(
  context: CliContext,
  project: Project,
  settings: EnvironmentSettings,
): OpenEnvironment {
  return openEnvironment(settings, {
    cwd: project.stacks,
    ambient: context.process.env,
    log: (severity, message) => context.progress(severity === "warning" ? `warning: ${message}` : message),
  });
}

function environmentsIn(stacks: string): string[] {
  return readdirSync(stacks)
    .map((file) => /^Pulumi\.([A-Za-z0-9_-]+)\.yaml$/.exec(file)?.[1])
    .filter((name) => name !== undefined)
    .sort();
}

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import {
  type EnvironmentSettings,
  type OpenEnvironment,
  openEnvironment,
  settingsFrom,
} from "@slipway/environment";
import { closestWord, SlipwayError } from "@slipway/kernel";
import { isVersion, readStackFile, type StackConfig } from "@slipway/release";
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
 * @throws {SlipwayError} PROJECT_NOT_FOUND; CONFIG_INVALID for a `Pulumi.yaml` without a name.
 */
export function findProject(from: string): Project {
  for (let root = from; ; root = dirname(root)) {
    const stacks = join(root, "stacks");
    const file = join(stacks, "Pulumi.yaml");
    if (existsSync(file)) {
      return { name: projectName(file), root, stacks, environments: environmentsIn(stacks) };
    }
    if (root === dirname(root))
      throw new SlipwayError("PROJECT_NOT_FOUND", {
        what: "Cannot find a project",
        why: `neither ${from} nor a folder above it has stacks/Pulumi.yaml`,
      });
  }
}

function projectName(file: string): string {
  const invalid = (why: string, cause?: unknown) =>
    new SlipwayError("CONFIG_INVALID", {
      what: `Cannot read "${file}"`,
      why,
      todo: `Correct ${file}: it begins with name: <project>`,
      cause,
    });
  let content: unknown;
  try {
    content = parse(readFileSync(file, "utf8"));
  } catch (cause) {
    throw invalid((cause as Error).message.split("\n")[0]?.replace(/:$/, "") ?? "", cause);
  }
  const name =
    typeof content === "object" && content !== null && "name" in content ? content.name : undefined;
  if (typeof name === "string" && name !== "") return name;
  throw invalid("it names no project");
}

/** The file of an environment's stack. @throws {SlipwayError} ENVIRONMENT_UNKNOWN. */
export function stackFile({ environments, stacks }: Project, environment: string): string {
  if (environments.includes(environment)) return join(stacks, `Pulumi.${environment}.yaml`);
  throw new SlipwayError("ENVIRONMENT_UNKNOWN", {
    what: `Cannot find environment "${environment}"`,
    why: `the project has ${environments.join(", ") || "none"}`,
    todo: whatToUse(environments, environment),
  });
}

function whatToUse(environments: readonly string[], word: string): string {
  const [first = "<env>"] = environments;
  if (isVersion(word)) {
    return `${word} is a release: slipway pin ${environments.length === 1 ? first : "<env>"} ${word}, then slipway up`;
  }
  const near = closestWord(word, environments);
  if (near !== null) return `Did you mean ${near}?`;
  return `${environments.length === 0 ? "Write" : "Use one of them, or write"} stacks/Pulumi.${word}.yaml`;
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

/** An environment of the project around the working folder, opened. */
export interface Opened {
  readonly project: Project;
  readonly name: string;
  readonly config: StackConfig;
  readonly environment: OpenEnvironment;
}

/** Opens an environment of the project around the working folder for some work, and closes it after. */
export async function withEnvironment<T>(
  context: CliContext,
  name: string,
  work: (opened: Opened) => Promise<T>,
): Promise<T> {
  const project = findProject(context.process.cwd);
  const { config, settings } = readEnvironment(project, name);
  const environment = openProject(context, project, settings);
  try {
    return await work({ project, name, config, environment });
  } finally {
    await environment.close();
  }
}

function environmentsIn(stacks: string): string[] {
  return readdirSync(stacks)
    .map((file) => /^Pulumi\.([A-Za-z0-9_-]+)\.yaml$/.exec(file)?.[1])
    .filter((name) => name !== undefined)
    .sort();
}

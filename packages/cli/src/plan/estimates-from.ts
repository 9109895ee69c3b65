import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { durationsHere } from "@slipway/environment";
import { isSlipwayError, SlipwayError } from "@slipway/kernel";
import type { DurationSource } from "@slipway/migrations";
import type { CliContext } from "../cli-context.ts";
import { type Opened, openProject, readEnvironment } from "../project.ts";
import { readDurationsFile } from "./read-durations-file.ts";

/** Durations of another environment, or why there are none: a plan is made all the same. */
export interface Estimates {
  readonly sources: readonly DurationSource[];
  readonly problem: string | null;
}

/**
 * Reads how long migrations took elsewhere: in an environment of the project, whose database is asked, or from a file that
 * `slipway migrate durations --output json` wrote there.
 *
 * @throws {SlipwayError} USAGE when it is neither; DURATIONS_INVALID for a file that is something else.
 */
export async function estimatesFrom(
  context: CliContext,
  { project, name }: Opened,
  from: string,
): Promise<Estimates> {
  if (from === name) return { sources: [], problem: "its own runs are looked at already" };
  if (project.environments.includes(from)) {
    const other = openProject(context, project, readEnvironment(project, from).settings);
    try {
      const db = await other.database();
      const { ledger } = await other.observe();
      const sources = await durationsHere(other, db, ledger.version);
      return { sources, problem: sources.length === 0 ? "it kept no durations yet" : null };
    } catch (error) {
      if (!isSlipwayError(error)) throw error;
      return { sources: [], problem: error.why ?? error.message };
    } finally {
      await other.close();
    }
  }
  const file = resolve(context.process.cwd, from);
  if (!existsSync(file)) {
    throw new SlipwayError("USAGE", {
      what: `Cannot take estimates from "${from}"`,
      why: `it is no environment of this project (${project.environments.join(", ")}) and there is no such file`,
      todo: "Name an environment, or write a file with slipway migrate durations --env <env> --output json > <file>",
    });
  }
  return { sources: [readDurationsFile(from, readFileSync(file, "utf8"))], problem: null };
}

import { SlipwayError } from "@slipway/kernel";
import { describePlace, type SqlSource } from "./source-position.ts";

/** MIGRATION_INVALID at a place in a file: the message names file, line and column, and shows the line. */
export function migrationInvalid(
  source: SqlSource,
  offset: number,
  problem: { readonly why: string; readonly todo: string; readonly cause?: unknown },
): SlipwayError {
  const { place, excerpt } = describePlace(source, offset);
  return new SlipwayError("MIGRATION_INVALID", {
    what: `Cannot use migration file "${source.file}"`,
    why: `${place}: ${problem.why}\n    ${excerpt}`,
    todo: problem.todo,
    cause: problem.cause,
  });
}

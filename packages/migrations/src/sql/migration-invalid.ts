import { SlipwayError } from "@slipway/kernel";
import { describePlace, type SqlSource } from "./source-position.ts";

/** What is wrong at a place of a file. */
export interface PlacedProblem {
  readonly why: string;
  readonly todo: string;
  readonly cause?: unknown;
}

const places = new WeakMap<SlipwayError, PlacedProblem & { readonly offset: number }>();

/** MIGRATION_INVALID at a place in a file: the message names file, line and column, and shows the line. */
export function migrationInvalid(source: SqlSource, offset: number, problem: PlacedProblem): SlipwayError {
  const { place, excerpt } = describePlace(source, offset);
  const error = new SlipwayError("MIGRATION_INVALID", {
    what: `Cannot use migration file "${source.file}"`,
    why: `${place}: ${problem.why}\n    ${excerpt}`,
    todo: problem.todo,
    cause: problem.cause,
  });
  places.set(error, { ...problem, offset });
  return error;
}

/** The place and the bare words of an error that {@link migrationInvalid} made; null for any other. */
export function placedProblem(error: unknown): (PlacedProblem & { readonly offset: number }) | null {
  return error instanceof SlipwayError ? (places.get(error) ?? null) : null;
}

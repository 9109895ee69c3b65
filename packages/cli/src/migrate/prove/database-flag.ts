import type { CliContext } from "../../cli-context.ts";
import { withEnvironment } from "../../project.ts";

/** `--database URL`: the database whose copy is worked on. */
export const databaseFlag = { kind: "parsed", parse: String, optional: true, placeholder: "url" } as const;

/** `--env NAME`: the same, by the environment that has it. */
export const fromEnvFlag = { kind: "parsed", parse: String, optional: true, placeholder: "env" } as const;

/** The URL that one of the two flags names; `null` without them. */
export async function databaseOf(
  context: CliContext,
  { database, env }: { readonly database?: string; readonly env?: string },
): Promise<string | null> {
  if (database !== undefined) return database;
  if (env === undefined) return null;
  return withEnvironment(context, env, ({ environment }) => environment.databaseUrl());
}

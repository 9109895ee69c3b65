import { SlipwayError } from "@slipway/kernel";

/** The environment when nobody names one. */
const DEFAULT = "dev";

/**
 * The environment that a command is about: its word, its `--env`, SLIPWAY_ENV, or `dev`.
 *
 * @throws {SlipwayError} USAGE when word and flag differ, or the name is empty.
 * @example
 * environmentName({ SLIPWAY_ENV: "staging" }, {}); // "staging"
 */
export function environmentName(
  ambient: Readonly<Record<string, string | undefined>>,
  { env }: { readonly env?: string },
  word?: string,
): string {
  if (word !== undefined && env !== undefined && word !== env) {
    throw new SlipwayError("USAGE", {
      what: "Cannot tell which environment is meant",
      why: `the command names "${word}", and --env names "${env}"`,
      todo: "Name one of them",
    });
  }
  const name = word ?? env ?? (ambient.SLIPWAY_ENV || DEFAULT);
  if (name !== "") return name;
  throw new SlipwayError("USAGE", {
    what: "Cannot tell which environment is meant",
    why: "its name is empty",
    todo: "Name the <env> of a stacks/Pulumi.<env>.yaml",
  });
}

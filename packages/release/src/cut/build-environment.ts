import { delimiter, dirname } from "node:path";

/** 1 January 1980: the earliest date that every archive format can hold. */
const SOURCE_DATE_EPOCH = "315532800";

/**
 * The environment variables of a build: what programs expect of any system, and nothing that differs from one
 * cut to the next. The date is always the same, so that a date in the output does not make an unchanged service
 * look changed.
 *
 * @param ambient the cut's own environment.
 * @param node the Node that runs Slipway; its folder comes first in PATH.
 */
export function buildEnvironment(
  ambient: Readonly<Record<string, string | undefined>>,
  node: string,
): Record<string, string> {
  const inherited = ["HOME", "USER", "TMPDIR"].flatMap((name) => {
    const value = ambient[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return {
    ...Object.fromEntries(inherited),
    PATH: [dirname(node), ambient.PATH ?? "/usr/local/bin:/usr/bin:/bin"].join(delimiter),
    LANG: "C.UTF-8",
    TZ: "UTC",
    SOURCE_DATE_EPOCH,
  };
}

/** The argv of a build with its placeholders filled in; `node` is the Node that runs Slipway. */
export function buildArgv(
  words: readonly string[],
  values: { readonly version: string; readonly output: string },
  node: string,
): string[] {
  const [program, ...args] = words.map((word) =>
    word.replaceAll(/\{(version|output)\}/g, (_whole, name: "version" | "output") => values[name]),
  );
  if (program === undefined) throw new TypeError("a build has an empty command");
  return [program === "node" ? node : program, ...args];
}

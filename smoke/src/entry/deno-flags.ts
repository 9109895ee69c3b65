import type { Needs } from "../engine/planned-check.ts";

/** Variables that the command itself looks at. */
const ownVariables = ["SLIPWAY_SMOKE_EXPECTED", "SLIPWAY_SMOKE_DEADLINE_MS", "GITHUB_ACTIONS"];

/**
 * The permissions that a run needs, and no others: each host with its port, each variable, each file and
 * each program by name.
 */
export function denoFlags(
  needs: readonly Needs[],
  given: {
    readonly env: readonly string[];
    readonly reads: readonly string[];
    readonly writes: readonly string[];
  },
): string[] {
  const list = (flag: string, values: readonly string[]) => {
    const distinct = [...new Set(values)].sort();
    return distinct.length === 0 ? [] : [`--allow-${flag}=${distinct.join(",")}`];
  };
  return [
    ...list(
      "net",
      needs.flatMap(({ hosts }) => hosts),
    ),
    ...list("env", [...ownVariables, ...given.env, ...needs.flatMap(({ env = [] }) => env)]),
    ...list("read", given.reads),
    ...list("write", given.writes),
    ...list(
      "run",
      needs.flatMap(({ programs = [] }) => programs),
    ),
  ];
}

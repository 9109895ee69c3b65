import { actor } from "@slipway/environment";
import type { UnleashImport } from "@slipway/flags";
import { type FlagView, readFlags, setFlag, setSegment } from "@slipway/flags/store";
import { isSlipwayError } from "@slipway/kernel";
import type { CliContext } from "../cli-context.ts";
import { confirm } from "../confirm.ts";
import { exitCodes } from "../exit-codes.ts";
import type { CommonFlags } from "../flags.ts";
import { withFlags } from "./with-flags.ts";

/** What became of each flag of an import. */
interface Applied {
  readonly set: readonly string[];
  /** By key: why it was left alone. */
  readonly left: Readonly<Record<string, string>>;
}

/** Gives the flags of an environment the state, the rules and the segments of an import. Killed ones stay killed. */
export function applyImport(
  context: CliContext,
  flags: CommonFlags & { readonly yes?: boolean },
  { declarations, segments }: UnleashImport,
): Promise<void> {
  return withFlags(context, flags, async ({ db, name }) => {
    const known = new Map((await readFlags(db)).map((flag) => [flag.key, flag]));
    const question = `Set ${Object.keys(declarations).length} flags in ${name} as they are in Unleash?`;
    if (!(await confirm(context, question, flags.yes ?? false))) {
      context.progress("nothing was changed");
      return context.exit(exitCodes.refused);
    }
    const author = { actor: actor(), reason: "imported from Unleash", source: "import" };
    // First the segments: a rule whose segment is not there matches nobody.
    for (const { id, constraints } of segments)
      await setSegment(db, { ...author, id, constraints, expectedVersion: null });
    const set: string[] = [];
    const left: Record<string, string> = {};
    for (const [key, { initial = {} }] of Object.entries(declarations)) {
      const flag = known.get(key);
      const why = whyNot(flag);
      if (flag === undefined || why !== null) {
        left[key] = why ?? "";
        continue;
      }
      try {
        await setFlag(db, { ...author, key, change: initial, expectedVersion: flag.state.version });
        set.push(key);
      } catch (error) {
        // One flag that somebody is changing must not keep the others from being set.
        if (!isSlipwayError(error) || error.code === "DATABASE_FAILED") throw error;
        left[key] = error.message;
      }
    }
    context.result(flags.output, { environment: name, set, left }, renderApplied(name, { set, left }));
    if (Object.keys(left).length > 0) context.exit(exitCodes.failed);
  });
}

function whyNot(flag: FlagView | undefined): string | null {
  if (flag === undefined || flag.state.archived) return "not declared by the release that is pinned";
  return flag.state.killed ? "killed" : null;
}

const renderApplied = (environment: string, { set, left }: Applied): string =>
  [
    `set ${set.length} flags in ${environment}`,
    ...Object.entries(left).map(([key, why]) => `  left alone   ${key}: ${why}`),
  ].join("\n");

import { actor } from "@slipway/environment";
import { type FlagChanged, type FlagView, reviveFlag, setFlag } from "@slipway/flags/store";
import type { CliContext } from "../cli-context.ts";
import { confirm } from "../confirm.ts";
import { exitCodes } from "../exit-codes.ts";
import { describeFlag } from "./describe-flag.ts";
import { findFlag } from "./find-flag.ts";
import { finishChange } from "./finish-change.ts";
import type { RaiseFlags } from "./flag-parameters.ts";
import { type OpenedFlags, withFlags } from "./with-flags.ts";

/** What a flag is to be. */
export interface Wanted {
  readonly enabled: boolean;
  readonly rollout: number;
}

/** A change of one flag by hand. */
export interface FlagChange {
  /** The past participle, for the result: `turned on`. */
  readonly done: string;
  /** What the flag is to be, seen from what it is. */
  readonly to: (flag: FlagView) => Wanted;
  /** Undoes a kill, and nothing else. */
  readonly revives?: boolean;
}

/**
 * Makes a change of one flag: compared with the version that was read, so that nobody's change is written over. What
 * turns something on or up is asked about first, or takes a gate's token.
 *
 * @throws {SlipwayError} FLAG_UNKNOWN, FLAG_KILLED, FLAG_CONFLICT, FLAG_DENIED, TERMINAL_REQUIRED.
 */
export function changeFlag(
  context: CliContext,
  flags: RaiseFlags,
  key: string,
  change: FlagChange,
): Promise<void> {
  return withFlags(context, flags, async (opened) => {
    const { db, name } = opened;
    const flag = await findFlag(db, key);
    const wanted = change.to(flag);
    const token = flags.token ?? (context.process.env.SLIPWAY_FLAG_TOKEN || undefined);
    context.redactor.add(token);
    // What cannot be done is refused below, and not asked about.
    const possible = !flag.state.archived && (!flag.state.killed || change.revives === true);
    if (possible && isRaise(flag, wanted) && token === undefined) {
      const question = `${key} in ${name} is ${describeFlag(flag)}: make it on for ${wanted.rollout} %?`;
      if (!(await confirm(context, question, flags.yes ?? false))) {
        context.progress("nothing was changed");
        return context.exit(exitCodes.refused);
      }
    }
    const answer = await write(opened, flags, flag, wanted, { change, token });
    await finishChange(context, opened, flags, change.done, answer);
  });
}

/** Whether somebody could get the flag who does not have it now. */
export function isRaise({ state }: Pick<FlagView, "state">, { enabled, rollout }: Wanted): boolean {
  const isOn = state.enabled && !state.killed;
  return enabled && (rollout > 0 || state.rules.length > 0) && (!isOn || rollout > state.rollout);
}

function write(
  { db }: OpenedFlags,
  { reason }: RaiseFlags,
  { key, state }: FlagView,
  { enabled, rollout }: Wanted,
  { change, token }: { readonly change: FlagChange; readonly token: string | undefined },
): Promise<FlagChanged> {
  const common = {
    run: null,
    actor: actor(),
    reason,
    source: "cli",
    key,
    expectedVersion: state.version,
    gate: token ?? null,
  };
  return change.revives === true
    ? reviveFlag(db, { ...common, rollout })
    : setFlag(db, { ...common, change: { enabled, rollout } });
}

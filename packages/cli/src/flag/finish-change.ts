import { type FlagChanged, waitForAcknowledgement } from "@slipway/flags/store";
import type { CliContext } from "../cli-context.ts";
import { exitCodes } from "../exit-codes.ts";
import { describeFlag } from "./describe-flag.ts";
import type { ChangeFlags } from "./flag-parameters.ts";
import { isApplied, renderApplied } from "./render-applied.ts";
import type { OpenedFlags } from "./with-flags.ts";

/**
 * Waits for the processes and tells how a change ended. Exit code 4 when the change is made and a live process has
 * not confirmed it, or none is there: somebody has to look. With `--wait 0s` nobody is waited for.
 *
 * @param done the change as a word of the past: `killed`.
 */
export async function finishChange(
  context: CliContext,
  { name, db }: Pick<OpenedFlags, "name" | "db">,
  { wait, output }: ChangeFlags,
  done: string,
  answer: FlagChanged,
): Promise<void> {
  const { flag, changed, epoch, revision } = answer;
  const applied = await waitForAcknowledgement(db, revision, { timeoutMs: wait, signal: context.signal });
  const { style } = context;
  const what = changed
    ? `${style("green", done)} ${flag.key}`
    : `${flag.key} was ${describeFlag(flag)} already`;
  const view = {
    environment: name,
    key: flag.key,
    changed,
    state: flag.state,
    kill: flag.kill,
    epoch,
    revision,
    applied,
  };
  context.result(
    output,
    view,
    `${what} in ${name}: ${describeFlag(flag)}\n${renderApplied(applied, Date.now())}`,
  );
  if (wait > 0 && !isApplied(applied)) context.exit(exitCodes.needsPerson);
}

import type { FlagState } from "../document/flag.ts";
import type { Ramp, StepVerdict } from "./ramp.ts";

/** What the next move of a ramp is decided from. */
export interface RampInput {
  readonly ramp: Ramp;
  readonly flag: Pick<FlagState, "killed" | "archived" | "version">;
  /** Milliseconds since 1970, by the clock that `steppedAt` was taken from. */
  readonly now: number;
  /** The verdict on the present step, once its time is over and it was asked for; null before. */
  readonly verdict: StepVerdict | null;
}

/** The next move of a ramp. */
export type RampMove =
  | { readonly move: "step"; readonly step: number; readonly percent: number; readonly why: string }
  | { readonly move: "wait"; readonly ms: number }
  | { readonly move: "judge" }
  | { readonly move: "hold"; readonly why: string }
  | { readonly move: "roll-back"; readonly percent: number; readonly why: string }
  | { readonly move: "finish"; readonly why: string }
  | { readonly move: "stop"; readonly why: string }
  | { readonly move: "nothing" };

/**
 * Decides the next move of a ramp. Pure: whoever drives it makes the move, writes it down, and asks again.
 *
 * Only a `pass` advances and only a `fail` goes back. Everything that concludes nothing holds the share
 * where it is. A kill, an archived flag, and a flag that somebody else changed end the ramp at once.
 *
 * @example
 * planRamp({ ramp, flag, now: Date.now(), verdict: null }); // { move: "wait", ms: 240_000 }
 */
export function planRamp({ ramp, flag, now, verdict }: RampInput): RampMove {
  if (ramp.status === "done" || ramp.status === "rolled-back" || ramp.status === "stopped")
    return { move: "nothing" };
  if (flag.killed) return { move: "stop", why: "the flag was killed" };
  if (flag.archived) return { move: "stop", why: "the flag was archived" };
  if (flag.version !== ramp.flagVersion)
    return { move: "stop", why: `somebody else changed the flag (version ${flag.version})` };
  const present = ramp.steps[ramp.step];
  if (present === undefined) return stepTo(ramp, 0, "the ramp begins");
  // A clock that went back must not shorten a soak: it begins anew, as seen from now.
  const left = Math.min(present.soakMs, present.soakMs - (now - ramp.steppedAt));
  if (left > 0) return { move: "wait", ms: left };
  if (verdict === null) return { move: "judge" };
  switch (verdict.verdict) {
    case "pass":
      return ramp.step + 1 < ramp.steps.length
        ? stepTo(ramp, ramp.step + 1, verdict.why)
        : { move: "finish", why: verdict.why };
    case "fail":
      return { move: "roll-back", percent: ramp.from, why: verdict.why };
    default:
      return { move: "hold", why: `${verdict.verdict}: ${verdict.why}` };
  }
}

function stepTo({ steps }: Ramp, step: number, why: string): RampMove {
  const percent = steps[step]?.percent;
  if (percent === undefined) throw new RangeError(`a ramp of ${steps.length} steps has no step ${step}`);
  return { move: "step", step, percent, why };
}

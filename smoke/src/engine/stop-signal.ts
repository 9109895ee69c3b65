import { durationText } from "../definition/duration.ts";
import { after } from "./after.ts";
import { StopReason } from "./check-failure.ts";

/** Everything that ends a run early, as one signal whose reason is a `StopReason`. */
export interface StopSignal {
  readonly signal: AbortSignal;
  /** Sets the timers up. Called when the first requests are on their way: it takes time too. */
  readonly begin: () => void;
  /** Something answered: silence no longer ends the run. */
  readonly answered: () => void;
  /** Takes the timers down. */
  readonly end: () => void;
}

/** Makes the signal of a run: a stop from outside, the deadline, and nobody answering at all. */
export function stopSignal(
  outer: AbortSignal | undefined,
  deadlineMs: number,
  silenceMs: number,
): StopSignal {
  const controller = new AbortController();
  const stopFor = (failure: "timeout" | "network" | "interrupted", message: string) =>
    controller.abort(new StopReason(failure, message));
  const onOuter = () => {
    const reason: unknown = outer?.reason;
    stopFor("interrupted", reason instanceof Error ? reason.message : "the run was stopped");
  };
  if (outer?.aborted) onOuter();
  outer?.addEventListener("abort", onOuter, { once: true });
  const timers = { deadline: () => {}, silence: () => {} };
  return {
    signal: controller.signal,
    begin: () => {
      const late = `the deadline of ${durationText(deadlineMs)} came`;
      const silent = `given up: nothing at all answered for ${durationText(silenceMs)}`;
      timers.deadline = after(deadlineMs, () => stopFor("timeout", late));
      timers.silence = after(silenceMs, () => stopFor("network", silent));
    },
    answered: () => timers.silence(),
    end: () => {
      timers.deadline();
      timers.silence();
      outer?.removeEventListener("abort", onOuter);
    },
  };
}

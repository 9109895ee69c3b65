import type { FlagView } from "@slipway/flags/store";

/** What a flag is at the moment, in a word or two: `killed`, `off`, `on 50 %`, `archived`. */
export function describeFlag({ state }: Pick<FlagView, "state">): string {
  if (state.archived) return "archived";
  if (state.killed) return "killed";
  if (!state.enabled) return "off";
  return state.rules.length > 0
    ? `on ${state.rollout} %, ${state.rules.length} rules`
    : `on ${state.rollout} %`;
}

import type { Acknowledgement } from "@slipway/flags/store";

/** How far a change has come, for people: one line, and one for every process that is silent. */
export function renderApplied({ applied, total, silent, ms }: Acknowledgement, now: number): string {
  if (total === 0) return "  applied      by nobody: no process that reads these flags was heard lately";
  const time = silent.length > 0 ? "" : ` in ${(ms / 1000).toFixed(2)} s`;
  return [
    `  applied      by ${applied} of ${total}${time}`,
    ...silent.map(
      ({ instance, since }) =>
        `  silent       ${instance}, last heard ${((now - Date.parse(since)) / 1000).toFixed(1)} s ago`,
    ),
  ].join("\n");
}

/** Whether every process has the change, and there is one. Nobody is not everybody. */
export const isApplied = ({ applied, total }: Pick<Acknowledgement, "applied" | "total">): boolean =>
  total > 0 && applied === total;

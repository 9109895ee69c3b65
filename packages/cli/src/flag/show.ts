import { type FlagInstance, type FlagView, flagInstances } from "@slipway/flags/store";
import { buildCommand } from "@stricli/core";
import { age } from "../age.ts";
import type { CliContext } from "../cli-context.ts";
import { type CommonFlags, envFlag, outputFlag } from "../flags.ts";
import { verb } from "../verb.ts";
import { describeFlag } from "./describe-flag.ts";
import { findFlag } from "./find-flag.ts";
import { keyWord } from "./flag-parameters.ts";
import { withFlags } from "./with-flags.ts";

export const showCommand = buildCommand<CommonFlags, [string], CliContext>({
  docs: {
    customUsage: ["[flags] <key>"],
    brief: "One flag: what it is, who declared it, which processes have it so",
    fullDescription: [
      "Examples:",
      "  slipway flag show new-checkout",
      "  slipway flag show new-checkout --env production --output json",
    ].join("\n"),
  },
  parameters: { positional: keyWord, flags: { env: envFlag, output: outputFlag } },
  func: verb((context, flags: CommonFlags, key: string) =>
    withFlags(context, flags, async ({ db, name }) => {
      const flag = await findFlag(db, key);
      const processes = await flagInstances(db, flag.revision);
      const text = renderFlag(name, flag, processes, Date.now());
      context.result(flags.output, { environment: name, ...flag, processes }, text);
    }),
  ),
});

/** A flag for people. */
export function renderFlag(
  environment: string,
  flag: FlagView,
  processes: readonly FlagInstance[],
  now: number,
): string {
  const { key, declaration, state, kill, changedAt } = flag;
  const { description, owner, release, safeValue, expiresAt, groupId } = declaration;
  const rows: readonly (readonly [string, string | null])[] = [
    ["what", description ?? null],
    ["owner", owner],
    ["release", release],
    ["safe value", JSON.stringify(safeValue)],
    ["until", expiresAt?.slice(0, 10) ?? "for ever"],
    ["salt", groupId === key ? null : groupId],
    [
      "killed",
      kill === null
        ? null
        : `${age(kill.at, now)} by ${kill.by}${kill.reason === null ? "" : `: ${kill.reason}`}`,
    ],
    ["share", state.killed || !state.enabled ? `${state.rollout} %, when it is on again` : null],
    ["changed", `${age(changedAt, now)}, version ${state.version}`],
  ];
  return [
    `${key} in ${environment}: ${describeFlag(flag)}`,
    ...rows.flatMap(([name, value]) => (value === null ? [] : [`  ${name.padEnd(12)} ${value}`])),
    `  processes    ${processes.filter(({ applied }) => applied).length} of ${processes.length} have it so`,
    ...processes
      .filter(({ applied }) => !applied)
      .map(({ instance, seenAt }) => `  silent       ${instance}, last heard ${age(seenAt, now)}`),
  ].join("\n");
}

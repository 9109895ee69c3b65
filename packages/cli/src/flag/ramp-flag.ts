import { actor, isDeadProcess, thisProcess } from "@slipway/environment";
import {
  commandMetric,
  driveRamp,
  leaveRamp,
  type RampStatus,
  type RampView,
  readRamp,
  startRamp,
  takeRamp,
} from "@slipway/flags/ramp";
import { SlipwayError, systemClock } from "@slipway/kernel";
import type { CliContext } from "../cli-context.ts";
import { confirm } from "../confirm.ts";
import { type ExitCode, exitCodes } from "../exit-codes.ts";
import type { CommonFlags } from "../flags.ts";
import { describeFlag } from "./describe-flag.ts";
import { durationText } from "./duration.ts";
import { findFlag } from "./find-flag.ts";
import { type OpenedFlags, withFlags } from "./with-flags.ts";

/** The flags of `flag ramp`, as they are given. */
export interface RampFlags extends CommonFlags {
  readonly steps: readonly number[];
  /** Milliseconds. */
  readonly soak: number;
  readonly metric?: string;
  readonly max?: number;
  readonly resume?: boolean;
  readonly reason?: string;
  readonly yes?: boolean;
}

const exitCodeOf: Readonly<Record<RampStatus, ExitCode>> = {
  done: exitCodes.done,
  "rolled-back": exitCodes.rolledBack,
  held: exitCodes.needsPerson,
  running: exitCodes.needsPerson,
  stopped: exitCodes.failed,
};

/**
 * Begins a ramp, or goes on with the one that the flag has, and drives it to its end in this process.
 *
 * @throws {SlipwayError} USAGE, FLAG_UNKNOWN, FLAG_KILLED, FLAG_CONFLICT, LEASE_HELD, LEASE_LOST, TERMINAL_REQUIRED.
 */
export function rampFlag(context: CliContext, flags: RampFlags, key: string): Promise<void> {
  return withFlags(context, flags, async (opened) => {
    const { db, name } = opened;
    const ramp = flags.resume === true ? await resume(opened, key) : await begin(context, opened, flags, key);
    if (ramp === null) {
      context.progress("nothing was changed");
      return context.exit(exitCodes.refused);
    }
    try {
      const ended = await driveRamp(db, ramp, {
        actor: actor(),
        metric: ramp.metric === null ? null : commandMetric(ramp.metric, context.process.env),
        clock: systemClock,
        signal: context.signal,
        onMove: (moved) => {
          context.progress(
            `  ${moved.flag.rollout.toString().padStart(3)} %  ${moved.status}: ${moved.why ?? ""}`,
          );
          context.event(flags.output, { event: "ramp", ...moved });
        },
        onRetry: ({ why, failures, againMs }) => {
          const again = `${failures} in a row, asked again in ${(againMs / 1000).toFixed(1)} s`;
          context.progress(`  ${context.style("yellow", "failed")} ${why} (${again})`);
          context.event(flags.output, { event: "ramp-retry", key, why, failures, againMs });
        },
      });
      context.result(flags.output, { environment: name, ramp: ended }, renderRamp(name, ended));
      context.exit(exitCodeOf[ended.status]);
    } finally {
      // Whoever resumes it need not wait until this driver is taken for dead. Without the database it is.
      await leaveRamp(db, ramp).catch(() => undefined);
    }
  });
}

async function resume({ db, name }: OpenedFlags, key: string): Promise<RampView> {
  const deadToken = await deadDriver(db, key);
  const ramp = await takeRamp(db, { actor: actor(), key, driver: thisProcess(), deadToken });
  if (ramp !== null) return ramp;
  throw new SlipwayError("USAGE", {
    what: `Cannot resume a ramp of "${key}" in ${name}`,
    why: "it has none that is under way",
    todo: `slipway flag ramp ${key} --help`,
  });
}

async function begin(
  context: CliContext,
  { db, name }: OpenedFlags,
  { steps, soak, metric, max, reason, yes = false }: RampFlags,
  key: string,
): Promise<RampView | null> {
  const asked = metricOf(metric, max);
  if (reason === undefined) throw usage("--reason is missing", "Say why, for the audit");
  const flag = await findFlag(db, key);
  const present = flag.state.enabled ? flag.state.rollout : 0;
  const ahead = steps.filter((percent) => percent > present);
  if (ahead.length === 0 && !flag.state.killed)
    throw usage(`"${key}" is ${describeFlag(flag)} already`, `slipway flag show ${key}`);
  const judge = asked.metric === null ? "by time alone" : `by ${asked.metric}, at most ${asked.max}`;
  const question = `Ramp ${key} in ${name} over ${ahead.join(", ")} %, ${durationText(soak)} each, judged ${judge}?`;
  // A killed flag is refused below, and not asked about.
  if (!flag.state.killed && !(await confirm(context, question, yes))) return null;
  return await startRamp(db, {
    actor: actor(),
    reason,
    key,
    steps: ahead.map((percent) => ({ percent, soakMs: soak })),
    ...asked,
    expectedVersion: flag.state.version,
    driver: thisProcess(),
    deadToken: await deadDriver(db, key),
  });
}

// That nothing judges a ramp is a choice to be written down, and never what happens when nobody says anything.
function metricOf(metric: string | undefined, max: number | undefined) {
  if (metric === undefined)
    throw usage("--metric is missing", "Name the program that prints the number, or write --metric none");
  if (metric === "none") return { metric: null, max: null };
  if (max === undefined) throw usage("--max is missing", "Say up to which number a step is good");
  return { metric, max };
}

async function deadDriver(db: OpenedFlags["db"], key: string): Promise<number | null> {
  const ramp = await readRamp(db, key);
  return ramp !== null && ramp.driver !== null && isDeadProcess(ramp.driver) ? ramp.token : null;
}

const usage = (why: string, todo: string) =>
  new SlipwayError("USAGE", { what: "Cannot ramp a flag", why, todo });

/** The end of a ramp, for people. */
export function renderRamp(environment: string, { key, status, why, flag }: RampView): string {
  const because = why === null ? "" : `: ${why}`;
  switch (status) {
    case "done":
      return `done ${key} is on for everybody in ${environment}`;
    case "rolled-back":
      return `rolled back ${key} is at ${flag.enabled ? flag.rollout : 0} % again in ${environment}${because}`;
    case "stopped":
      return `stopped ${key} in ${environment}${because}`;
    default:
      return `held ${key} stays at ${flag.rollout} % in ${environment}${because}\n  go on        slipway flag ramp ${key} --resume --env ${environment}\n  go back      slipway flag off ${key} --env ${environment} --reason <text>`;
  }
}

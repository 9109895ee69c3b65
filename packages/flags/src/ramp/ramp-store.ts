import { type Database, recordableOptional, recordableText } from "@slipway/ledger";
import type { FlagState } from "../document/flag.ts";
import { callFlags } from "../store/call-flags.ts";
import type { RampMove } from "./plan-ramp.ts";
import type { Ramp, RampStep } from "./ramp.ts";

/** The process that drives a ramp, as its lease names it. */
export interface RampDriver {
  readonly owner: string;
  readonly pid: number;
  readonly host: string;
  readonly processStart: string;
}

/** A ramp of the ledger, with its flag as it was when the ramp was read. */
export interface RampView extends Ramp {
  readonly key: string;
  /** Why the last move was made. */
  readonly why: string | null;
  /** The program that gives the number; null where time alone decides. */
  readonly metric: string | null;
  /** The largest good number, as text. */
  readonly max: string | null;
  readonly startedBy: string;
  readonly reason: string | null;
  /** The fencing token of whoever drives it, or last drove it. */
  readonly token: number;
  readonly driver: RampDriver | null;
  /** Whether its driver was heard lately. */
  readonly driven: boolean;
  /** Milliseconds since 1970, by the database's clock. */
  readonly now: number;
  readonly flag: Pick<FlagState, "killed" | "archived" | "enabled" | "rollout" | "version">;
}

/** A ramp to begin. */
export interface RampRequest {
  readonly actor: string;
  readonly reason: string | null;
  readonly key: string;
  readonly steps: readonly RampStep[];
  readonly metric: string | null;
  readonly max: number | null;
  /** The flag's version that it was decided on. */
  readonly expectedVersion: number;
  readonly driver: RampDriver;
  /** The token of a driver that is known to be dead. */
  readonly deadToken: number | null;
}

/** How long a driver that went silent keeps its ramp. */
const TTL_MS = 15_000;

/**
 * Begins a ramp, with the caller as its driver. Nothing of the flag changes yet.
 *
 * @throws {SlipwayError} LEASE_HELD, FLAG_UNKNOWN, FLAG_KILLED, FLAG_CONFLICT, FLAG_DENIED.
 */
export function startRamp(db: Database, request: RampRequest): Promise<RampView> {
  const { actor, reason, key, steps, metric, max, expectedVersion, driver, deadToken } = request;
  return callFlags(
    db,
    `Cannot ramp flag "${key}"`,
    "slipway.start_flag_ramp($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
    [
      recordableText(db, actor),
      recordableOptional(db, reason),
      key,
      JSON.stringify(steps),
      recordableOptional(db, metric),
      max === null ? null : String(max),
      expectedVersion,
      JSON.stringify(driver),
      TTL_MS,
      deadToken,
    ],
  );
}

/**
 * Makes the caller the driver of a ramp that is under way or held.
 *
 * @returns null where there is none.
 * @throws {SlipwayError} LEASE_HELD, FLAG_UNKNOWN, FLAG_DENIED.
 */
export function takeRamp(
  db: Database,
  { actor, key, driver, deadToken }: Pick<RampRequest, "actor" | "key" | "driver" | "deadToken">,
): Promise<RampView | null> {
  return callFlags(
    db,
    `Cannot resume the ramp of flag "${key}"`,
    "slipway.take_flag_ramp($1, $2, $3, $4, $5)",
    [recordableText(db, actor), key, JSON.stringify(driver), TTL_MS, deadToken],
  );
}

/** The ramp that a flag has or had last, or null. */
export function readRamp(db: Database, key: string): Promise<RampView | null> {
  return callFlags(db, `Cannot read the ramp of flag "${key}"`, "slipway.flag_ramp($1)", [key]);
}

/** Says that the driver lives, and reads the ramp. @throws {SlipwayError} LEASE_LOST. */
export function beatRamp(db: Database, { key, token }: Pick<RampView, "key" | "token">): Promise<RampView> {
  return callFlags(db, `Cannot go on with the ramp of flag "${key}"`, "slipway.drive_flag_ramp($1, $2, $3)", [
    key,
    token,
    TTL_MS,
  ]);
}

/** Gives a ramp back, for somebody to resume. */
export async function leaveRamp(
  db: Database,
  { key, token }: Pick<RampView, "key" | "token">,
): Promise<void> {
  await callFlags(db, `Cannot give the ramp of flag "${key}" back`, "slipway.leave_flag_ramp($1, $2)", [
    key,
    token,
  ]);
}

/**
 * Makes a move, flag and ramp at once. Where the flag was killed or changed meanwhile, the ramp stops instead.
 *
 * @throws {SlipwayError} LEASE_LOST.
 */
export function moveRamp(
  db: Database,
  { key, token }: Pick<RampView, "key" | "token">,
  actor: string,
  move: Extract<RampMove, { readonly why: string }>,
): Promise<RampView> {
  return callFlags(
    db,
    `Cannot move the ramp of flag "${key}"`,
    "slipway.move_flag_ramp($1, $2, $3, $4, $5, $6)",
    [
      recordableText(db, actor),
      key,
      token,
      move.move,
      move.move === "step" ? move.step : null,
      recordableText(db, move.why),
    ],
  );
}

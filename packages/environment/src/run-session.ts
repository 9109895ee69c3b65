import { isSlipwayError, SlipwayError } from "@slipway/kernel";
import {
  acquireLease,
  advanceRun,
  type Database,
  finishRun,
  type HeldLease,
  type KeptLease,
  keepLease,
  type Stage,
  takeOverDeadLease,
} from "@slipway/ledger";
import type { Manifest } from "@slipway/release";
import { killFlagsOfFailure } from "./kill-flags-of-failure.ts";
import { isLeaseOfDeadProcess, thisProcess } from "./lease-owner.ts";
import type { OpenEnvironment } from "./open-environment.ts";
import { runDatabase } from "./run-database.ts";

/** How long a holder that went silent keeps the environment, and how often a living one is heard. */
const LEASE_MS = 15_000;
const HEARTBEAT_MS = 3_000;

// The smoke step is not ours to run: Pulumi runs it between two of our steps and tells us only the end.
const ENDED_EARLY = {
  what: "The run ended between two steps",
  why: "the smoke test did not pass, or the run was stopped",
};

/** The run that this process has opened: lease, number, pin. Every mutation carries its fencing token. */
export interface OpenRun {
  readonly id: number;
  readonly attempt: number;
  readonly manifest: Manifest;
  readonly token: number;
  readonly actor: string;
  /** Aborts when the run is cancelled or its lease is lost. */
  readonly signal: AbortSignal;
}

/** At most one run per process, from `release` to `settle`. */
export interface RunSession {
  readonly environment: OpenEnvironment;
  /** Takes the lease; the run is opened by the caller with the token. */
  hold(db: Database, reason: string): Promise<HeldLease>;
  opened(run: Omit<OpenRun, "signal">): OpenRun;
  isOpen(): boolean;
  /** @throws {SlipwayError} RUN_NOT_OPEN when `release` was not part of this run. */
  current(step: string): OpenRun;
  advance(stage: Stage): Promise<void>;
  /** Ends the run as verified and frees the lease. */
  verified(): Promise<void>;
  /** Ends the run as failed and frees the lease; the error is recorded, then thrown again by the caller. */
  failed(error: unknown): Promise<void>;
  /** Frees the lease without a run, for work that is none. */
  letGo(): Promise<void>;
  /** Asks whatever is being done to stop. Ends nothing by itself. */
  cancel(): void;
  close(): Promise<void>;
}

/** Makes the session of this process for one environment. */
export function runSession(environment: OpenEnvironment): RunSession {
  let lease: HeldLease | undefined;
  let kept: KeptLease | undefined;
  let run: OpenRun | undefined;
  let abort = new AbortController();

  async function release(): Promise<void> {
    kept?.stop();
    const held = lease;
    lease = undefined;
    kept = undefined;
    run = undefined;
    await held?.release();
  }

  const session: RunSession = {
    environment,
    async hold(db, reason) {
      if (lease !== undefined) return lease;
      abort = new AbortController();
      const owner = { ...thisProcess(), reason, ttlMs: LEASE_MS };
      const found = (await environment.observe()).ledger.lease;
      const held =
        found?.live && isLeaseOfDeadProcess(found)
          ? await takeOverDeadLease(db, found.token, owner)
          : await acquireLease(db, owner);
      lease = held;
      kept = keepLease(held, { everyMs: HEARTBEAT_MS, onLost: (error) => abort.abort(error) });
      return held;
    },
    opened(opened) {
      run = { ...opened, signal: abort.signal };
      return run;
    },
    isOpen: () => run !== undefined,
    current(step) {
      if (run !== undefined) {
        run.signal.throwIfAborted();
        return run;
      }
      throw new SlipwayError("RUN_NOT_OPEN", {
        what: `Cannot run step "${step}" by itself`,
        why: "the release step was not part of this run, so nobody asked whether the pin is allowed here",
      });
    },
    async advance(stage) {
      const { id, token } = this.current(stage);
      await advanceRun(await runDatabase(environment), { run: id, token, stage });
    },
    async verified() {
      const { id, token } = this.current("settle");
      await finishRun(await runDatabase(environment), { run: id, token, outcome: "verified", error: null });
      await release();
    },
    async failed(error) {
      if (run === undefined) return await release();
      const { id, token } = run;
      const message = isSlipwayError(error) ? `${error.code}: ${error.message}` : String(error);
      if (environment.settings.onFailure === "flag-off") await flagsOff(environment, run, error);
      try {
        await finishRun(await runDatabase(environment), {
          run: id,
          token,
          outcome: "failed",
          error: environment.redactor.redact(message),
        });
      } catch {
        // The database or the lease is what failed: the run stays open in the ledger and shows as killed.
      }
      await release().catch(() => {
        // Same: the lease expires by itself.
      });
    },
    letGo: release,
    cancel() {
      abort.abort(
        new SlipwayError("INTERRUPTED", { what: "The run was interrupted", why: "it was cancelled" }),
      );
    },
    async close() {
      if (run !== undefined) {
        await session.failed(
          abort.signal.aborted ? abort.signal.reason : new SlipwayError("SMOKE_FAILED", ENDED_EARLY),
        );
      }
      await release().catch(() => {
        // The lease expires by itself; the process is about to end.
      });
      await environment.close();
    },
  };
  return session;
}

// The run failed for another reason, which is what has to reach people: a kill that fails beside it is told and no more.
async function flagsOff(environment: OpenEnvironment, run: OpenRun, error: unknown): Promise<void> {
  const { id, actor, manifest } = run;
  const release = manifest.version;
  const { log } = environment.context;
  try {
    const why = isSlipwayError(error) ? error.code : "INTERNAL";
    const db = await runDatabase(environment);
    const keys = await killFlagsOfFailure(db, { release, run: id, actor, why });
    if (keys.length > 0) log("warning", `onFailure is flag-off: killed ${keys.join(", ")}`);
  } catch (failure) {
    const what = failure instanceof Error ? failure.message : String(failure);
    log("warning", `onFailure is flag-off, and the flags of ${release} could not be killed: ${what}`);
  }
}

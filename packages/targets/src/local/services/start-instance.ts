import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { type Clock, isSlipwayError, type Redactor, SlipwayError } from "@slipway/kernel";
import type { InstanceSpec, RunningInstance } from "../../target.ts";
import { newestLaunch } from "../processes/launch-file.ts";
import { tailLog } from "../processes/log-file.ts";
import { isAlive, type ProcessHandle } from "../processes/process-identity.ts";
import { stopLaunch } from "../processes/stop-launch.ts";
import { awaitReady, type WatchedInstance } from "./await-ready.ts";
import { instanceFolder, instanceRecord, isSameProgram, runningInstance } from "./instance-folder.ts";
import { type InstanceLaunch, launchInstance } from "./launch-instance.ts";
import { pruneStopped } from "./prune-stopped.ts";
import { redactorFor } from "./service-environment.ts";
import { unpackArtifact } from "./unpack-artifact.ts";

/** Where instances live, and what they are started from. */
export interface InstanceHome {
  /** The environment's folder. */
  readonly folder: string;
  /** The artifact store. */
  readonly artifacts: string;
  readonly clock: Clock;
}

const LOG_LINES = 20;
const FAILED_GRACE_MS = 1000;

/**
 * Brings an instance up: adopts the process that already runs for it when that gets ready as the right build,
 * and starts a new one otherwise. Nothing of a new one is left when it fails.
 *
 * @throws {SlipwayError} as the target's start.
 */
export async function startInstance(
  home: InstanceHome,
  spec: InstanceSpec,
  signal?: AbortSignal,
): Promise<RunningInstance> {
  const folder = instanceFolder(home.folder, spec.id);
  const redactor = redactorFor(spec.env);
  mkdirSync(folder, { recursive: true });
  const adopted = await adopt(home, spec, redactor, signal);
  if (adopted !== null) return adopted;

  const before = instanceRecord(newestLaunch(folder));
  const stop = (number?: number) =>
    stopLaunch(`instance "${spec.id}"`, folder, { graceMs: FAILED_GRACE_MS, clock: home.clock, number });
  const over = await stop();
  const content = await unpackArtifact(home.artifacts, spec.artifact, join(home.folder, "artifacts"));
  pruneStopped(home.folder);
  signal?.throwIfAborted();
  const launch = await launchInstance(home, spec, { over, content, port: before?.port });
  try {
    await awaitReady(spec, watch(folder, launch.port, started(spec, launch), redactor), home.clock, signal);
    return current(folder, spec, launch);
  } catch (error) {
    await stop(launch.number);
    throw error;
  }
}

// An instance that runs and does not get ready is no use to anybody: it is replaced.
async function adopt(
  { folder, clock }: InstanceHome,
  spec: InstanceSpec,
  redactor: Redactor,
  signal?: AbortSignal,
): Promise<RunningInstance | null> {
  const home = instanceFolder(folder, spec.id);
  const found = newestLaunch(home);
  const record = instanceRecord(found);
  if (found?.process.state !== "alive" || record === null || !isSameProgram(record, spec)) return null;
  const process = { handle: found.process.handle, exitReason: () => null };
  try {
    await awaitReady(spec, watch(home, record.port, process, redactor), clock, signal);
    return runningInstance(spec.id, record, found);
  } catch (error) {
    signal?.throwIfAborted();
    if (isSlipwayError(error)) return null;
    throw error;
  }
}

interface StartedProcess {
  readonly handle: ProcessHandle;
  exitReason(): string | null;
}

function started({ id }: InstanceSpec, { outcome }: InstanceLaunch): StartedProcess {
  if (outcome.started) return outcome;
  throw new SlipwayError("SERVICE_EXITED", { what: `Cannot start instance "${id}"`, why: outcome.reason });
}

function watch(folder: string, port: number, process: StartedProcess, redactor: Redactor): WatchedInstance {
  return {
    address: `http://127.0.0.1:${port}`,
    isAlive: () => isAlive(process.handle),
    exitReason: process.exitReason,
    lastLines: () => tailLog(join(folder, "log"), LOG_LINES),
    redact: (text) => redactor.redact(text),
  };
}

function current(folder: string, { id }: InstanceSpec, { number }: InstanceLaunch): RunningInstance {
  const launch = newestLaunch(folder);
  const record = instanceRecord(launch);
  if (launch?.number === number && record !== null) return runningInstance(id, record, launch);
  throw new SlipwayError("SERVICE_EXITED", {
    what: `Instance "${id}" was stopped while it started`,
    why: "another run took it over",
    todo: "Look at slipway status, then run again",
  });
}

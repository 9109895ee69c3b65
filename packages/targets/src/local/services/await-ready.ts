import { type Clock, SlipwayError } from "@slipway/kernel";
import type { InstanceSpec } from "../../target.ts";
import { askHttp, describeFailure } from "../ask-http.ts";

/** What the wait for readiness has to know of an instance's process. */
export interface WatchedInstance {
  readonly address: string;
  isAlive(): boolean;
  /** How the process ended, when that is known. */
  exitReason(): string | null;
  /** The last lines of its log. */
  lastLines(): string;
  /** Masks the secrets that the instance was given. */
  redact(text: string): string;
}

const POLL_MS = 50;
const ASK_MS = 2000;
const LEAST_ASK_MS = 250;

/**
 * Waits until an instance answers well at its live and ready paths, and then goes on to do so without a break
 * for `stabilityMs`, its process alive all the time; then makes sure that it is the wanted build.
 *
 * @throws {SlipwayError} SERVICE_EXITED, SERVICE_NOT_READY, SERVICE_WRONG_BUILD.
 */
export async function awaitReady(
  spec: InstanceSpec,
  instance: WatchedInstance,
  clock: Clock,
  signal?: AbortSignal,
): Promise<void> {
  const deadline = clock.now() + spec.readyDeadlineMs;
  let goodSince: number | null = null;
  for (;;) {
    const begun = clock.now();
    const timeoutMs = Math.min(ASK_MS, Math.max(LEAST_ASK_MS, deadline - begun));
    const refusals = await askHealth(spec, instance.address, timeoutMs, signal);
    signal?.throwIfAborted();
    if (!instance.isAlive()) {
      // How it ended is told a moment after it ended.
      await clock.sleep(POLL_MS);
      throw exited(spec, instance);
    }
    if (refusals.length === 0) {
      goodSince ??= begun;
      if (clock.now() - goodSince >= spec.stabilityMs) break;
    } else {
      goodSince = null;
      if (clock.now() >= deadline) throw notReady(spec, instance, refusals.join("; "));
    }
    await clock.sleep(POLL_MS, signal);
  }
  await provePinned(spec, instance, signal);
}

// What is wrong with the instance's health, one entry per path that did not answer well.
async function askHealth(
  { health }: InstanceSpec,
  address: string,
  timeoutMs: number,
  signal?: AbortSignal,
): Promise<string[]> {
  const answers = await Promise.all(
    [health.ready, health.live].map(async (path) => {
      try {
        const { status, body } = await askHttp(address + path, { timeoutMs, signal });
        return status >= 200 && status < 300
          ? null
          : `${path} answered ${status} ${body.slice(0, 200)}`.trimEnd();
      } catch (error) {
        return `${path}: ${describeFailure(error)}`;
      }
    }),
  );
  return answers.filter((answer) => answer !== null);
}

// The answer of the served program decides, whatever was unpacked and started.
async function provePinned(
  spec: InstanceSpec,
  instance: WatchedInstance,
  signal?: AbortSignal,
): Promise<void> {
  const { id, service, version, build, health } = spec;
  let seen: string;
  try {
    const { status, body } = await askHttp(instance.address + health.meta, { timeoutMs: ASK_MS, signal });
    seen = status === 200 ? describeMeta(JSON.parse(body)) : `status ${status}`;
  } catch (error) {
    signal?.throwIfAborted();
    seen = error instanceof SyntaxError ? "an answer that is not JSON" : describeFailure(error);
  }
  const expected = describeMeta({ service, version, digest: build });
  if (seen === expected) return;
  throw new SlipwayError("SERVICE_WRONG_BUILD", {
    what: `Instance "${id}" is not what was released`,
    why: instance.redact(`${health.meta} gave ${seen}; expected ${expected}`),
  });
}

function describeMeta(meta: unknown): string {
  const { service, version, digest } = (meta ?? {}) as Record<string, unknown>;
  return JSON.stringify({ service, version, digest });
}

function exited({ id }: InstanceSpec, instance: WatchedInstance): SlipwayError {
  return new SlipwayError("SERVICE_EXITED", {
    what: `Instance "${id}" exited while starting`,
    why: instance.redact(`${instance.exitReason() ?? "its process is gone"}${quote(instance.lastLines())}`),
  });
}

function notReady(
  { id, readyDeadlineMs }: InstanceSpec,
  instance: WatchedInstance,
  why: string,
): SlipwayError {
  return new SlipwayError("SERVICE_NOT_READY", {
    what: `Instance "${id}" was not ready within ${readyDeadlineMs} ms`,
    why: instance.redact(`${why}${quote(instance.lastLines())}`),
  });
}

function quote(lines: string): string {
  return lines === "" ? "; its log is empty" : `; its log ends with\n${lines.replaceAll(/^/gm, "  | ")}`;
}

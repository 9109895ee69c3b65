import type { PulumiEvent } from "./pulumi-event.ts";
import { smokeLines } from "./smoke-lines.ts";

/** One thing to tell: a line for people, and the same as data for `ndjson`. */
export interface Told {
  readonly line: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** Turns the events of a run into one line per step. */
export interface ProgressView {
  /** @param now milliseconds of any steady clock. */
  on(event: PulumiEvent, now: number): Told[];
  /** What is left to tell when Pulumi has ended. */
  end(): Told[];
}

interface Step {
  readonly startedAt: number;
  toldAt: number;
  readonly messages: string[];
}

interface Ended {
  readonly name: string;
  readonly status: "ok" | "stopped" | "failed";
  readonly seconds: number;
  readonly step: Step;
}

const SMOKE = "smoke";
/** A long step says how far it is, and not more often. */
const LIVE_MS = 2_000;
const MIGRATED = /^(applied|undone) (\S+) \((\d+) of (\d+)\)$/;

/**
 * Makes the view of one run. A step is told when it has ended, with what it did; messages of a step may come
 * after its end, so it is told with the next event that is not its own. Warnings, and whatever else a step
 * says, are told at once.
 */
export function progressView(): ProgressView {
  const running = new Map<string, Step>();
  let ended: Ended | null = null;

  const flush = (): Told[] => {
    if (ended === null) return [];
    const told = tellEnd(ended);
    ended = null;
    return told;
  };

  function message({ resource, severity, text }: PulumiEvent & { kind: "message" }, now: number): Told[] {
    if (severity === "error") return [];
    if (severity === "warning") {
      const told = text.trim().replace(/^warning: /, "");
      return [{ line: `  warning: ${told}`, data: { event: "warning", step: resource, text: told } }];
    }
    if (resource === null) return [];
    const step = running.get(resource) ?? (ended?.name === resource ? ended.step : undefined);
    const lines = text.trimEnd().split("\n");
    const kept = lines.filter((line) => step !== undefined && isKept(resource, line));
    step?.messages.push(...kept);
    const live = step === undefined || now - step.toldAt < LIVE_MS ? undefined : kept.at(-1);
    if (step !== undefined && live !== undefined) step.toldAt = now;
    const shown = lines.filter((line) => !kept.includes(line));
    return [...shown, ...(live === undefined || resource === SMOKE ? [] : [live])].map((line) => ({
      line: indent(resource, line.trim()),
      data: { event: "message", step: resource, text: line.trim() },
    }));
  }

  return {
    on(event, now) {
      const before = event.resource === ended?.name ? [] : flush();
      if (event.kind === "message") return [...before, ...message(event, now)];
      if (event.kind === "start") {
        running.set(event.resource, { startedAt: now, toldAt: now, messages: [] });
        return before;
      }
      const step = running.get(event.resource);
      if (step === undefined) return before;
      running.delete(event.resource);
      const status = event.kind === "failed" ? "failed" : event.operation === "delete" ? "stopped" : "ok";
      ended = { name: event.resource, status, seconds: (now - step.startedAt) / 1000, step };
      return before;
    },
    end: flush,
  };
}

const isKept = (resource: string, line: string): boolean =>
  MIGRATED.test(line.trim()) || (resource === SMOKE && !line.startsWith("waiting: "));

function tellEnd({ name, status, seconds, step }: Ended): Told[] {
  const { detail, below } = name === SMOKE ? smokeDetail(step.messages, status) : migrated(step.messages);
  const head = `${indent(name, status.padEnd(7))} ${seconds.toFixed(1).padStart(5)} s`;
  return [
    {
      line: [detail === "" ? head : `${head}  ${detail}`, ...below.map((line) => indent("", line))].join(
        "\n",
      ),
      data: { event: "step", step: name, status, seconds: Number(seconds.toFixed(3)), detail, lines: below },
    },
  ];
}

function smokeDetail(messages: readonly string[], status: Ended["status"]) {
  const { failed, noted, sentence } = smokeLines(messages);
  if (status !== "failed") return { detail: sentence ?? "", below: noted };
  // Without a report the test could not even start: then whatever it said is of use.
  return { detail: "", below: sentence === null ? messages : [...failed, ...noted] };
}

function migrated(messages: readonly string[]) {
  const ids = messages.flatMap((text) => {
    const [, done, id] = MIGRATED.exec(text.trim()) ?? [];
    return done === undefined || id === undefined ? [] : [{ done, id }];
  });
  const first = ids[0];
  const last = ids.at(-1);
  if (first === undefined || last === undefined) return { detail: "", below: [] };
  const detail =
    ids.length === 1
      ? `${first.done} ${first.id}`
      : `${first.done} ${ids.length} migrations, ${first.id} to ${last.id}`;
  return { detail, below: [] };
}

const indent = (step: string, text: string): string => `  ${step.padEnd(10)} ${text}`;

import type { Redactor } from "@slipway/kernel";
import { durationMs } from "../definition/duration.ts";
import { fillSuite } from "../definition/fill.ts";
import type { Suite } from "../definition/suite.ts";
import { CheckFailure } from "./check-failure.ts";
import { planSuite } from "./plan-suite.ts";
import type { PlannedCheck } from "./planned-check.ts";

/** Which part of a suite runs, and where values come from. */
export interface Selection {
  /** A name in `suites`. */
  readonly suite?: string | undefined;
  /** Only checks with one of these tags. */
  readonly tags?: readonly string[] | undefined;
  /** Goes before the suite's own. */
  readonly deadlineMs?: number | undefined;
  readonly env: (name: string) => string | undefined;
  readonly runId: string;
  readonly redactor: Redactor;
}

/** A run that can start. */
export interface Prepared {
  readonly checks: readonly PlannedCheck[];
  readonly deadlineMs: number;
  readonly silenceMs: number;
}

/**
 * Selects the checks of a run and makes them ready.
 *
 * @throws {CheckFailure} of class `configuration`; also when nothing would be checked.
 */
export async function prepare(suite: Suite, selection: Selection): Promise<Prepared> {
  try {
    const part = partOf(suite, selection.suite);
    const wanted = selection.tags ?? part?.tags;
    const selected =
      wanted === undefined ? suite.checks : suite.checks.filter(({ tags }) => shares(tags, wanted));
    if (selected.length === 0) {
      const why =
        suite.checks.length === 0
          ? "the suite has no checks"
          : `no check has the tag ${wanted?.join(" or ")}`;
      throw new CheckFailure("configuration", why);
    }
    const { redactor, runId, env } = selection;
    const filled = fillSuite(
      { ...suite, checks: selected },
      {
        env,
        runId,
        expected: suite.expected,
        // Inside JSON a secret is written with escapes.
        secret: (value) => [value, JSON.stringify(value).slice(1, -1)].forEach(redactor.add),
      },
    );
    return {
      checks: await planSuite({ suite: filled, runId, redactor }),
      deadlineMs: selection.deadlineMs ?? durationMs(part?.deadline ?? suite.deadline ?? 30_000),
      silenceMs: durationMs(suite.silence ?? 10_000),
    };
  } catch (error) {
    if (error instanceof RangeError) throw new CheckFailure("configuration", error.message, { cause: error });
    throw error;
  }
}

function partOf(suite: Suite, name: string | undefined) {
  if (name === undefined) return undefined;
  const part = suite.suites?.[name];
  if (part === undefined) {
    const names = Object.keys(suite.suites ?? {}).join(", ") || "none";
    throw new CheckFailure("configuration", `there is no suite ${JSON.stringify(name)}; there are: ${names}`);
  }
  return part;
}

function shares(tags: readonly string[] | undefined, wanted: readonly string[]): boolean {
  return (tags ?? []).some((tag) => wanted.includes(tag));
}

import type { Redactor } from "@slipway/kernel";
import type { FailureClass } from "../definition/common.ts";
import { isCheckFailure, isStopReason, type StopReason } from "./check-failure.ts";
import type { Attempt, AttemptTools, PlannedCheck } from "./planned-check.ts";
import type { Finding } from "./report.ts";
import { show } from "./show.ts";
import { withLimit } from "./with-limit.ts";

/** What all checks of a run share with their attempts. */
export interface LookTools extends Omit<AttemptTools, "signal" | "afterwards"> {
  readonly redactor: Redactor;
  /** Aborts with a `StopReason`: the deadline, the silence, or a stop from outside. */
  readonly stop: AbortSignal;
}

/** One attempt that has come to its end. */
export interface LookResult extends Attempt {
  readonly ms: number;
  readonly failure?: FailureClass;
  readonly message: string;
  /** The attempt was cut short by the end of the run: it says nothing about the service. */
  readonly stopped?: StopReason;
}

/** Clean-ups get this long, even when the run has been stopped. */
const cleanUpMs = 10_000;

/** Makes one attempt and its clean-ups. Never rejects; nothing secret leaves it. */
export async function lookOnce(check: PlannedCheck, run: LookTools): Promise<LookResult> {
  const { transport, ports, clock, answered, redactor } = run;
  const cleanUps: Parameters<AttemptTools["afterwards"]>[0][] = [];
  const afterwards: AttemptTools["afterwards"] = (cleanUp) => void cleanUps.unshift(cleanUp);
  const start = clock.now();
  const result = await withLimit(check.timeoutMs, run.stop, (signal) =>
    check.attempt({ transport, ports, clock, answered, afterwards, signal }),
  ).then(
    (attempt) => resultOf(attempt, clock.now() - start, redactor),
    (error: unknown) => failedResult(error, clock.now() - start, redactor),
  );
  const leftOver: Finding[] = [];
  for (const cleanUp of cleanUps) leftOver.push(...(await tidy(cleanUp)));
  if (leftOver.length === 0) return result;
  const findings = [...result.findings, ...leftOver];
  return { ...result, ...resultOf({ ...result, findings }, result.ms, redactor, result) };
}

/** A clean-up that fails is a finding: what it left behind has to be known. */
async function tidy(cleanUp: Parameters<AttemptTools["afterwards"]>[0]): Promise<readonly Finding[]> {
  try {
    const findings = await withLimit(cleanUpMs, new AbortController().signal, cleanUp);
    return findings.filter(({ ok }) => !ok);
  } catch (error) {
    const seen = error instanceof Error ? error.message : String(error);
    return [{ ok: false, what: "clean-up", expected: "done", seen, failure: "assertion" }];
  }
}

function resultOf(attempt: Attempt, ms: number, redactor: Redactor, before?: LookResult): LookResult {
  const findings = attempt.findings.map((one) => ({
    ...one,
    what: show(redactor, one.what),
    expected: show(redactor, one.expected),
    seen: show(redactor, one.seen),
  }));
  const bad = findings.filter(({ ok }) => !ok);
  const failure = before?.failure ?? bad[0]?.failure ?? (bad.length > 0 ? "assertion" : undefined);
  const lines = bad.length === 0 ? findings.map(goodText) : bad.map(badText);
  // A failure without findings, a refused connection, has only its message.
  const earlier = before !== undefined && before.findings.length === 0 ? [before.message] : [];
  const message = [...earlier, ...lines].join(bad.length === 0 ? ", " : "; ");
  return { ...attempt, findings, ms, message, ...(failure === undefined ? {} : { failure }) };
}

function failedResult(error: unknown, ms: number, redactor: Redactor): LookResult {
  if (isCheckFailure(error)) {
    const message = show(redactor, error.message);
    const stopped = isStopReason(error) ? { stopped: error } : {};
    return { findings: [], ms, failure: error.failure, message, ...stopped };
  }
  // A bug in a check or in a port: it must not pass, and it must say where it comes from.
  const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return {
    findings: [],
    ms,
    failure: "configuration",
    message: show(redactor, `the check itself failed: ${text}`),
  };
}

function goodText({ what, seen }: Finding): string {
  return what === "status" ? seen : `${what} ${seen}`;
}

function badText({ what, expected, seen }: Finding): string {
  return `${what}: expected ${expected}, seen ${seen}`;
}

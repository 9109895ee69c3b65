import { digestOf } from "@slipway/kernel";
import type { SmokeReport } from "../engine/report.ts";

/** What an audit event keeps of a run: which release it judged, what came of it, and the report's digest. */
export interface SmokeAudit {
  readonly suite: string;
  readonly verdict: SmokeReport["verdict"];
  readonly release: string | null;
  /** The digest of the release, which binds the event to it. */
  readonly digest: string | null;
  readonly attempt: number | null;
  readonly checks: number;
  readonly failed: number;
  readonly warned: number;
  readonly retried: number;
  readonly ms: number;
  /** Of the whole report as canonical JSON, to recognise it by. */
  readonly report: string;
}

/**
 * The data of an audit event: texts and whole numbers only, as the ledger wants it, and nothing that a
 * service answered.
 *
 * @example
 * const audit = async (report: SmokeReport) => {
 *   await appendAudit(db, null, { actor, run: null, kind: "smoke", subject: report.suite, data: auditData(report) });
 * };
 * await runSmoke(suite, { audit });
 */
export function auditData(report: SmokeReport): SmokeAudit {
  const { suite, verdict, expected, counts, ms } = report;
  const { checks, failed, warned, retried } = counts;
  return {
    suite,
    verdict,
    release: expected.release ?? null,
    digest: expected.digest ?? null,
    attempt: expected.attempt ?? null,
    checks,
    failed,
    warned,
    retried,
    ms,
    report: digestOf(report),
  };
}

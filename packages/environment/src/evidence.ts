import { SlipwayError } from "@slipway/kernel";
import type { OpenRun } from "./run-session.ts";

/** The smoke package's closing line: what it concluded about which release, in which attempt. */
export interface SmokeEvidence {
  readonly verdict: string;
  readonly attempt: number;
  readonly release: string;
  readonly digest: string;
  readonly checks: number;
  readonly failed: number;
  readonly retried: number;
  readonly ms: number;
}

/**
 * Reads the smoke step's output and accepts it only for this very attempt of this very release: an older
 * result, kept in Pulumi's state, proves nothing now.
 *
 * @throws {SlipwayError} EVIDENCE_MISSING, SMOKE_FAILED.
 */
export function smokeEvidence(output: string, run: Pick<OpenRun, "attempt" | "manifest">): SmokeEvidence {
  const evidence = parse(output);
  const { attempt, manifest } = run;
  if (evidence === null || evidence.attempt !== attempt || evidence.digest !== manifest.digest) {
    throw new SlipwayError("EVIDENCE_MISSING", {
      what: `Cannot give traffic to release ${manifest.version}`,
      why:
        evidence === null
          ? "the smoke step left no result"
          : `the smoke result is of attempt ${evidence.attempt} of ${evidence.release}, this is attempt ${attempt}`,
    });
  }
  if (evidence.verdict !== "pass" || evidence.checks === 0) {
    throw new SlipwayError("SMOKE_FAILED", {
      what: `Release ${manifest.version} did not pass its smoke test`,
      why: `verdict ${evidence.verdict}, ${evidence.failed} of ${evidence.checks} checks failed`,
    });
  }
  return evidence;
}

function parse(output: string): SmokeEvidence | null {
  const line = output.trimEnd().split("\n").at(-1) ?? "";
  try {
    const value: unknown = JSON.parse(line);
    if (typeof value !== "object" || value === null || !("slipway" in value) || value.slipway !== "smoke")
      return null;
    return value as unknown as SmokeEvidence;
  } catch {
    // Not JSON: whatever ran was not the smoke package, which is the same as no evidence.
    return null;
  }
}

import { actor, type OpenEnvironment, pinnedManifest } from "@slipway/environment";
import { SlipwayError } from "@slipway/kernel";
import { appendAudit, type Database } from "@slipway/ledger";
import { runSmoke, type SmokeOptions, type SmokeReport } from "@slipway/smoke";
import { nodePorts } from "@slipway/smoke/node-ports";
import { nodeTransport } from "@slipway/smoke/node-transport";
import { environmentSuite } from "./environment-suite.ts";

/**
 * Asks an environment whether it is what its ledger says: the release of the last run that passed, or else the
 * wanted one. Every run is recorded in the audit; one that cannot be recorded is no pass.
 *
 * @throws {SlipwayError} RELEASE_UNKNOWN when nothing was released there yet; INVARIANT_BROKEN.
 */
export async function runEnvironmentSmoke(
  environment: OpenEnvironment,
  options: Pick<SmokeOptions, "suite" | "signal" | "onRetry" | "onCheck">,
): Promise<SmokeReport> {
  const { settings, redactor, context } = environment;
  const db = await environment.database();
  const observation = await environment.observe();
  const release = observation.ledger.verified?.release ?? observation.ledger.wanted?.release;
  if (db === null || release === undefined) {
    throw new SlipwayError("RELEASE_UNKNOWN", {
      what: `Cannot smoke-test "${settings.environment}"`,
      why: "nothing was released here yet",
      todo: `slipway up --env ${settings.environment}`,
    });
  }
  const manifest = await pinnedManifest(environment, release);
  return runSmoke(environmentSuite({ manifest, settings, observation }), {
    ...options,
    env: (name) => context.ambient[name],
    ports: nodePorts,
    transport: nodeTransport(),
    redactor,
    audit: (report) => record(db, report),
  });
}

async function record(db: Database, { verdict, counts, expected, suite }: SmokeReport): Promise<void> {
  await appendAudit(db, null, {
    actor: actor(),
    run: null,
    kind: "smoke.run",
    subject: expected.release ?? null,
    data: { verdict, suite, checks: counts.checks, failed: counts.failed, digest: expected.digest ?? null },
  });
}

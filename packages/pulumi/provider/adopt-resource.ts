import { pinnedManifest, planRun, type RunSession } from "@slipway/environment";
import type { ResourceInputs, ResourceKind } from "./resource-inputs.ts";

/**
 * The outputs of a step of which nothing is left to do. Pulumi asks for it without a run where only its own
 * state is behind: a tainted resource, or a run that was killed after it had passed.
 *
 * @returns null when ledger and world are not what the pin asks for: that takes a run, which begins with the
 *   release.
 */
export async function adoptResource(
  { environment }: RunSession,
  kind: Exclude<ResourceKind, "Release">,
  inputs: ResourceInputs,
): Promise<Record<string, unknown> | null> {
  const observation = await environment.observe();
  const { ledger, instances, traffic } = observation;
  // A service does not name the release that it is part of: the ledger's is the one that the others stand for.
  const release = inputs.release ?? ledger.wanted?.release;
  if (release === undefined) return null;
  const manifest = await pinnedManifest(environment, release);
  const plan = planRun({ manifest, settings: environment.settings, observation });
  if (plan.change) return null;
  switch (kind) {
    case "Schema":
      return { applied: [], undone: [] };
    case "Flag":
      return {};
    case "Service": {
      const running = instances.find(({ id, alive }) => id === inputs.instance && alive);
      return running === undefined ? null : { address: running.address, instance: running.id };
    }
    case "Traffic":
      return { address: traffic.address, steps: [] };
    case "Settle": {
      const { auditHead } = ledger;
      return {
        schemaHead: ledger.applied.at(-1)?.id ?? null,
        stopped: [],
        archived: [],
        applied: [],
        undone: [],
        auditHead: auditHead === null ? "" : `${auditHead.seq}:${auditHead.hash}`,
      };
    }
  }
}

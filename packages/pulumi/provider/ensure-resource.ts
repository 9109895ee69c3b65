import {
  ensureFlag,
  ensureRelease,
  ensureSchema,
  ensureService,
  ensureSettle,
  ensureTraffic,
  pinnedManifest,
  planRun,
  type RunSession,
} from "@slipway/environment";
import { adoptResource } from "./adopt-resource.ts";
import type { ResourceInputs, ResourceKind } from "./resource-inputs.ts";

/** Runs the ensure of a resource and gives what it adds to the resource's outputs. */
export async function ensureResource(
  session: RunSession,
  kind: ResourceKind,
  inputs: ResourceInputs,
): Promise<Record<string, unknown>> {
  if (kind !== "Release" && !session.isOpen()) {
    const adopted = await adoptResource(session, kind, inputs);
    if (adopted !== null) return adopted;
  }
  switch (kind) {
    case "Release": {
      const { environment } = session;
      const manifest = await pinnedManifest(environment, String(inputs.release));
      const observation = await environment.observe();
      const plan = planRun({ manifest, settings: environment.settings, observation });
      const reason = environment.context.ambient.SLIPWAY_REASON ?? null;
      const run = await ensureRelease(session, { manifest, plan, attempt: Number(inputs.attempt), reason });
      return { run: run.id };
    }
    case "Schema":
      return { ...(await ensureSchema(session)) };
    case "Flag":
      await ensureFlag(session, String(inputs.flag));
      return {};
    case "Service": {
      const { address, id } = await ensureService(session, String(inputs.service));
      return { address, instance: id };
    }
    case "Traffic":
      return { ...(await ensureTraffic(session, String(inputs.evidence))) };
    case "Settle":
      return { ...(await ensureSettle(session)) };
  }
}

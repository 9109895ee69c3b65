import type { RunSession } from "@slipway/environment";
import type { ResourceInputs, ResourceKind } from "./resource-inputs.ts";

const STOP_GRACE_MS = 10_000;

/**
 * What `pulumi destroy` does to a resource: services and router are stopped, the database is left alone.
 * No rollback SQL ever runs from a delete.
 */
export async function deleteResource(
  { environment }: RunSession,
  kind: ResourceKind,
  inputs: ResourceInputs,
): Promise<void> {
  const { target, settings, context } = environment;
  switch (kind) {
    case "Service": {
      const running = (await target.instances()).filter(({ service }) => service === inputs.service);
      for (const { id } of running) {
        await target.drain(id, { deadlineMs: settings.drainSeconds * 1000 });
        await target.stop(id, { graceMs: STOP_GRACE_MS });
      }
      return;
    }
    case "Release":
      await target.down();
      context.log(
        "warning",
        `the services of "${settings.environment}" are stopped; its database was left alone, with all migrations applied`,
      );
      return;
    case "Schema":
    case "Traffic":
    case "Settle":
      return;
  }
}

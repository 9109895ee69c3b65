import type { RunSession } from "@slipway/environment";
import { stopEverything } from "@slipway/environment";

/**
 * What `pulumi destroy` does: services and router are stopped, the database is left alone. No rollback SQL
 * ever runs from a delete.
 */
export async function deleteRelease(session: RunSession): Promise<void> {
  const { context, settings } = session.environment;
  await stopEverything(session);
  context.log(
    "warning",
    `the services of "${settings.environment}" are stopped; its database was left alone, with all its migrations`,
  );
}

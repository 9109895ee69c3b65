import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import {
  ensureFlag,
  ensureRelease,
  ensureSchema,
  ensureService,
  ensureSettle,
  ensureTraffic,
  guardRun,
  pinnedManifest,
  planRun,
  type RunSession,
  runSession,
  type SettleResult,
} from "@slipway/environment";
import type { Manifest } from "@slipway/release";
import { openDev } from "./environment-of.ts";

const smokeProgram = fileURLToPath(import.meta.resolve("@slipway/smoke/node"));

/**
 * Runs all ensures in order in this process, as Pulumi would, without the seconds that Pulumi takes.
 *
 * @param root the folder of a scratch project.
 * @returns null when there was nothing to do.
 */
export async function drive(root: string, version: string): Promise<SettleResult | null> {
  const environment = openDev(root);
  const session = runSession(environment);
  try {
    const manifest = await pinnedManifest(environment, version);
    const { settings } = environment;
    const plan = planRun({ manifest, settings, observation: await environment.observe() });
    if (!plan.change) return null;
    const [refusal] = await guardRun(environment, manifest, plan);
    if (refusal !== undefined) throw refusal;
    const { attempt } = await ensureRelease(session, { manifest, plan, attempt: plan.attempt, reason: null });
    await ensureSchema(session);
    for (const { key } of manifest.flags) await ensureFlag(session, key);
    const addresses = await startServices(session, Object.keys(manifest.services));
    await ensureTraffic(session, await smoke(manifest, attempt, addresses));
    return await ensureSettle(session);
  } catch (error) {
    await session.failed(error);
    throw error;
  } finally {
    await session.close();
  }
}

async function startServices(session: RunSession, services: readonly string[]) {
  const addresses: Record<string, string> = {};
  for (const service of services) addresses[service] = (await ensureService(session, service)).address;
  return addresses;
}

function smoke(
  { version, digest, services, smoke: checks }: Manifest,
  attempt: number,
  addresses: Record<string, string>,
): Promise<string> {
  const asked = Object.entries(services).map(([name, { version, build, health }]) => [
    name,
    { version, build, health, address: addresses[name] },
  ]);
  const expected = {
    environment: "dev",
    release: version,
    digest,
    attempt,
    services: Object.fromEntries(asked),
    ...(checks === null ? {} : { checks }),
  };
  const env = { ...process.env, SLIPWAY_SMOKE_EXPECTED: JSON.stringify(expected) };
  return new Promise((resolve) => {
    // A failed smoke test exits with 1, and its closing line says so: the traffic step reads that.
    execFile(
      process.execPath,
      [smokeProgram, "release", "--output", "json-line"],
      { env },
      (_error, stdout) => resolve(stdout),
    );
  });
}

// Runs the six ensures in order in one process, as Pulumi would, without the seconds that Pulumi takes: the
// kill tests end this process at every named point. Usage: drive.ts <settings as JSON> <version>
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { isSlipwayError, renderError } from "@slipway/kernel";
import {
  ensureRelease,
  ensureSchema,
  ensureService,
  ensureSettle,
  ensureTraffic,
  guardRun,
  openEnvironment,
  pinnedManifest,
  planRun,
  runSession,
} from "../src/index.ts";
import type { EnvironmentSettings } from "../src/settings.ts";

const [settingsText = "", version = ""] = process.argv.slice(2);
const settings = JSON.parse(settingsText) as EnvironmentSettings;
const log = (_severity: string, message: string) => console.error(message);
const environment = openEnvironment(settings, { cwd: process.cwd(), ambient: process.env, log });
const session = runSession(environment);

try {
  const manifest = await pinnedManifest(environment, version);
  const plan = planRun({ manifest, settings, observation: await environment.observe() });
  if (plan.change) {
    const [refusal] = await guardRun(environment, manifest, plan);
    if (refusal !== undefined) throw refusal;
    const run = await ensureRelease(session, { manifest, plan, attempt: plan.attempt, reason: null });
    await ensureSchema(session);
    const addresses: Record<string, string> = {};
    for (const { service } of plan.instances)
      addresses[service] = (await ensureService(session, service)).address;
    const services = Object.entries(manifest.services).map(([name, { version, build, health }]) => [
      name,
      { version, build, health, address: addresses[name] },
    ]);
    const expected = {
      environment: settings.environment,
      release: manifest.version,
      digest: manifest.digest,
      attempt: run.attempt,
      services: Object.fromEntries(services),
    };
    const smoke = spawnSync(
      process.execPath,
      [fileURLToPath(import.meta.resolve("@slipway/smoke/node")), "release", "--output", "json-line"],
      {
        env: { ...process.env, SLIPWAY_SMOKE_EXPECTED: JSON.stringify(expected) },
        encoding: "utf8",
      },
    );
    await ensureTraffic(session, smoke.stdout);
    const settled = await ensureSettle(session);
    console.log(JSON.stringify(settled));
  }
} catch (error) {
  await session.failed(error);
  console.error(isSlipwayError(error) ? renderError(error) : error);
  process.exitCode = isSlipwayError(error) && error.refusal ? 2 : 1;
} finally {
  await session.close();
}

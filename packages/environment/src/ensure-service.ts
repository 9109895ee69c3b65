import { SlipwayError } from "@slipway/kernel";
import { upsertInstance } from "@slipway/ledger";
import type { RunningInstance } from "@slipway/targets";
import { failpoint } from "./failpoint.ts";
import { FLAGS_BOOTSTRAP, writeFlagBootstrap } from "./flag-bootstrap.ts";
import { resolveVariables, type WantedInstance, wantedInstances } from "./instance.ts";
import { runDatabase } from "./run-database.ts";
import type { OpenRun, RunSession } from "./run-session.ts";

/**
 * The third ensure, once per service: an instance of the pinned artifact runs and is ready, beside
 * whatever else runs. One that runs already is adopted.
 *
 * @throws {SlipwayError} SERVICE_EXITED, SERVICE_NOT_READY, SERVICE_WRONG_BUILD, ARTIFACT_DAMAGED, LEASE_LOST.
 */
export async function ensureService(session: RunSession, service: string): Promise<RunningInstance> {
  const run = session.current(`service ${service}`);
  const { environment } = session;
  const wanted = wantedInstances(run.manifest, environment.settings).find(
    (instance) => instance.service === service,
  );
  if (wanted === undefined) {
    throw new SlipwayError("RUN_NOT_OPEN", {
      what: `Cannot start service "${service}"`,
      why: `release ${run.manifest.version} has no such service`,
    });
  }
  const db = await runDatabase(environment);
  const record = (state: "starting" | "ready", address: string | null) =>
    upsertInstance(db, {
      token: run.token,
      run: run.id,
      actor: run.actor,
      instance: instanceRow(wanted, run, state, address),
    });

  const { ledger, instances } = await environment.observe();
  const known = ledger.instances.some(({ id, state }) => id === wanted.id && state === "ready");
  const adopted = known && instances.some(({ id, alive }) => id === wanted.id && alive);
  if (!adopted) await record("starting", null);
  await failpoint("service.starting");
  const { release } = wanted;
  const { readySeconds, stabilitySeconds } = environment.settings;
  const variables = resolveVariables(wanted, environment.context.ambient, await environment.databaseUrl());
  for (const [name, value] of Object.entries(variables)) {
    if (typeof wanted.variables[name] !== "string") environment.redactor.add(value);
  }
  const bootstrap = await writeFlagBootstrap(environment);
  environment.forget();
  const running = await environment.target.start(
    {
      id: wanted.id,
      service,
      version: release.version,
      artifact: release.artifact,
      build: release.build,
      command: release.command,
      portVariable: release.port,
      path: release.path,
      health: release.health,
      env: { ...variables, [FLAGS_BOOTSTRAP]: bootstrap },
      readyDeadlineMs: readySeconds * 1000,
      stabilityMs: stabilitySeconds * 1000,
    },
    run.signal,
  );
  await failpoint("service.started");
  await record("ready", running.address);
  await failpoint("service.recorded");
  return running;
}

function instanceRow(
  wanted: WantedInstance,
  run: OpenRun,
  state: "starting" | "ready",
  address: string | null,
) {
  const { id, service, release, settings } = wanted;
  return {
    id,
    service,
    version: release.version,
    release: run.manifest.version,
    settings,
    artifact: release.artifact,
    build: release.build,
    address,
    state,
  };
}

import type { SchemaPlan } from "@slipway/migrations";
import { plannedMigration, planSchema } from "@slipway/migrations";
import type { Manifest } from "@slipway/release";
import type { Route } from "@slipway/targets";
import compareVersions from "semver/functions/compare.js";
import { type WantedInstance, wantedInstances } from "./instance.ts";
import type { Observation } from "./observation.ts";
import { type FlagPlan, planFlags } from "./plan-flags.ts";
import type { EnvironmentSettings } from "./settings.ts";

/** Where a run goes, seen from the release that last passed here. */
export type Direction = "first" | "forward" | "back" | "same";

/** Everything that a run will do, computed before it does anything. Pure data: printed, compared, recorded. */
export interface RunPlan {
  readonly release: string;
  readonly digest: string;
  /** The release that the ledger wanted before, or null on the first run. */
  readonly from: string | null;
  readonly direction: Direction;
  /** False when ledger and world are what the pin asks for, and the last run says so. */
  readonly change: boolean;
  /** Why something has to change, for people; empty when nothing has. */
  readonly reasons: readonly string[];
  /** The number of this attempt: the ledger's, or the next one when anything has to change. */
  readonly attempt: number;
  readonly instances: readonly WantedInstance[];
  /** Ids of wanted instances that do not run. */
  readonly start: readonly string[];
  /** Ids of instances that run and are not wanted. */
  readonly stop: readonly string[];
  /** Whether the router does not yet send everything to the wanted instances. */
  readonly shift: boolean;
  readonly schema: SchemaPlan;
  readonly flags: FlagPlan;
}

/** What a plan is made from. */
export interface PlanInput {
  readonly manifest: Manifest;
  readonly settings: EnvironmentSettings;
  readonly observation: Observation;
}

/** Makes the plan of a run from the pin, the ledger and the world. */
export function planRun({ manifest, settings, observation }: PlanInput): RunPlan {
  const { ledger } = observation;
  const instances = wantedInstances(manifest, settings);
  const wantedIds = new Set(instances.map((instance) => instance.id));
  const alive = new Set(
    observation.instances.filter((instance) => instance.alive).map((instance) => instance.id),
  );
  const start = instances.map((instance) => instance.id).filter((id) => !alive.has(id));
  const stop = observation.instances
    .filter((instance) => !wantedIds.has(instance.id))
    .map((instance) => instance.id);
  const moved = routerElsewhere(observation, settings);
  const shift = moved !== null || !routesMatch(observation, instances);
  const schema = planSchema(ledger.applied, manifest.migrations.map(plannedMigration));
  const flags = planFlags(manifest.flags, observation.flags);
  const reasons: string[] = [];
  if (ledger.wanted === null) reasons.push("nothing was released here yet");
  else if (ledger.wanted.digest !== manifest.digest)
    reasons.push(`the pin moved from ${ledger.wanted.release} to ${manifest.version}`);
  else if (ledger.verified?.attempt !== ledger.wanted.attempt) reasons.push("the last run did not pass");
  reasons.push(...schemaReasons(schema), ...flagReasons(flags));
  if (start.length > 0) reasons.push(`not running: ${start.join(", ")}`);
  if (stop.length > 0) reasons.push(`running beside the pin: ${stop.join(", ")}`);
  if (moved !== null) reasons.push(moved);
  else if (shift) reasons.push("traffic does not go to the pin");

  const change = reasons.length > 0;
  const attempt = ledger.wanted?.attempt ?? 0;
  return {
    release: manifest.version,
    digest: manifest.digest,
    from: ledger.wanted?.release ?? null,
    direction: directionOf(manifest, observation, schema),
    change,
    reasons,
    attempt: change ? attempt + 1 : attempt,
    instances,
    start,
    stop,
    shift,
    schema,
    flags,
  };
}

/** The routes that send everything to the given instances, with their addresses. */
export function wantedRoutes(
  instances: readonly WantedInstance[],
  addresses: Readonly<Record<string, string>>,
): Route[] {
  return instances.map(({ id, service, release }) => ({
    service,
    path: release.path,
    backends: [{ instance: id, address: addresses[id] ?? "", weight: 100 }],
  }));
}

// An instance that came back on another port is another backend to the router.
// A router that listens where the stack's configuration no longer says is replaced.
function routerElsewhere({ traffic }: Observation, { port }: EnvironmentSettings): string | null {
  if (traffic.address === null || new URL(traffic.address).port === String(port)) return null;
  return `the router listens at ${traffic.address} and not at port ${port}`;
}

function routesMatch(
  { traffic, instances: running }: Observation,
  instances: readonly WantedInstance[],
): boolean {
  if (!traffic.running || traffic.routes.length !== instances.length) return false;
  return instances.every(({ id, service, release }) => {
    const route = traffic.routes.find((candidate) => candidate.service === service);
    const carrying = route?.backends.filter((backend) => backend.weight > 0) ?? [];
    const [only] = carrying;
    if (route?.path !== release.path || carrying.length !== 1 || only?.instance !== id) return false;
    return running.some((instance) => instance.id === id && instance.address === only.address);
  });
}

// Semver alone would call a rollback to a release with the same schema "back" too, which is what it is.
function directionOf(manifest: Manifest, { ledger }: Observation, schema: SchemaPlan): Direction {
  const from = ledger.verified?.release ?? ledger.wanted?.release;
  if (from === undefined) return "first";
  if (from === manifest.version && ledger.wanted?.digest === manifest.digest) return "same";
  if (schema.undo.expand.length + schema.undo.contract.length > 0) return "back";
  return compareVersions(manifest.version, from) < 0 ? "back" : "forward";
}

const count = (noun: string, things: readonly string[], what: string) =>
  things.length === 0 ? [] : [`${things.length} ${noun}${things.length === 1 ? "" : "s"} ${what}`];

const schemaReasons = ({ apply, undo }: SchemaPlan): string[] => [
  ...count("migration", [...apply.expand, ...apply.contract], "to apply"),
  ...count("migration", [...undo.contract, ...undo.expand], "to undo"),
];

const flagReasons = ({ declare, archive }: FlagPlan): string[] => [
  ...count("flag", declare, "to declare"),
  ...count("flag", archive, "to archive"),
];

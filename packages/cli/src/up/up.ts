import { guardRun, type OpenEnvironment, pinnedManifest, planRun, type RunPlan } from "@slipway/environment";
import type { SlipwayError } from "@slipway/kernel";
import { plannedMigration, routePins } from "@slipway/migrations";
import { listManifests, type Manifest, readPin, setPin } from "@slipway/release";
import { stackFile } from "../project.ts";
import { type StackRun, type UpdateResult, updateStack } from "../pulumi/update-stack.ts";
import { readFacts } from "./facts.ts";

/** One step of an `up`: a pin and what it will do. Most runs have one; jumps over a contract have several. */
export interface UpStep {
  readonly release: string;
  readonly manifest: Manifest;
  readonly plan: RunPlan;
  readonly refusals: readonly SlipwayError[];
}

/** What `up` ended as. */
export type UpOutcome =
  | { readonly kind: "nothing"; readonly release: string }
  | { readonly kind: "done"; readonly release: string; readonly seconds: number }
  | {
      readonly kind: "failed";
      readonly release: string;
      readonly error: SlipwayError;
      readonly changed: boolean;
      readonly served: string | null;
      /** Keys of the failed release's flags that were killed; null where the stack does not ask for it. */
      readonly flagsOff: readonly string[] | null;
    }
  | {
      readonly kind: "rolled-back";
      readonly release: string;
      readonly to: string;
      readonly error: SlipwayError;
      readonly seconds: number;
    };

/**
 * The pins to go through, with the plan of the first. The way is release by release where an expand
 * migration follows a contract one, and one step otherwise.
 */
export async function planUp(
  environment: OpenEnvironment,
  version: string,
): Promise<{ pins: string[]; first: UpStep }> {
  const target = await pinnedManifest(environment, version);
  const { ledger } = await environment.observe();
  const known = knownReleases(environment, target);
  const pins = routePins({
    applied: ledger.applied,
    releases: known.map(({ version, migrations }) => ({
      version,
      migrations: migrations.map(plannedMigration),
    })),
    target: version,
  }) ?? [version];
  const release = pins[0] ?? version;
  const manifest = await pinnedManifest(environment, release);
  const plan = planRun({
    manifest,
    settings: environment.settings,
    observation: await environment.observe(),
  });
  return {
    pins: pins.length === 0 ? [version] : pins,
    first: { release, manifest, plan, refusals: await guardRun(environment, manifest, plan) },
  };
}

/**
 * Runs the pins one after the other; the last one is what the stack file keeps. Where the first one is refused,
 * nothing was changed, and so the stack file is as it was.
 */
export async function runUp(stackRun: StackRun, pins: readonly string[]): Promise<UpOutcome> {
  const { context, project, name } = stackRun;
  const started = Date.now();
  const file = stackFile(project, name);
  const before = readPin(file);
  let result: UpdateResult | undefined;
  let changed = false;
  for (const pin of pins) {
    if (pins.length > 1) context.progress(context.style("bold", `step to ${pin}`));
    result = await updateStack(stackRun, () => setPin(file, pin));
    changed ||= result.changed;
    if (result.error !== null) break;
  }
  const release = pins.at(-1) ?? before;
  const seconds = (Date.now() - started) / 1000;
  if (result === undefined || result.error === null) return { kind: "done", release, seconds };
  if (!changed) setPin(file, before);
  const { served } = await readFacts(context, name);
  return { kind: "failed", release, error: result.error, changed, served, flagsOff: null };
}

function knownReleases(environment: OpenEnvironment, target: Manifest): Manifest[] {
  const onDisk = listManifests(environment.folders.releases);
  return onDisk.some(({ version }) => version === target.version) ? onDisk : [...onDisk, target];
}

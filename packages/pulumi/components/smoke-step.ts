import { relative } from "node:path";
import { fileURLToPath } from "node:url";
import { local } from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import type { EnvironmentSettings } from "@slipway/environment/pin";
import type { Manifest } from "@slipway/release/manifest";
import type { Service } from "./resources.ts";

/** What the smoke test has to know: the pin, this attempt, and where its instances are. */
export interface SmokeStepArgs {
  readonly manifest: Manifest;
  readonly settings: EnvironmentSettings;
  readonly attempt: pulumi.Input<number>;
  readonly services: readonly { readonly name: string; readonly resource: Service }[];
}

const TIMEOUT = "5m";

/**
 * The smoke test of the candidate, asked directly before it gets any traffic. A plain command of
 * `@pulumi/command`: a new attempt is a new environment variable, and so it runs again.
 */
export function smokeStep(args: SmokeStepArgs, options: pulumi.CustomResourceOptions): local.Command {
  const { manifest, settings, attempt, services } = args;
  const addresses = pulumi.all(
    Object.fromEntries(services.map(({ name, resource }) => [name, resource.address])),
  );
  const expected = pulumi
    .all([addresses, attempt])
    .apply(([found, attempt]) => JSON.stringify(expectation(manifest, settings, found, attempt)));
  return new local.Command(
    "smoke",
    {
      create: `"${launcher()}" "${smokeProgram()}" release --output json-line`,
      environment: { SLIPWAY_SMOKE_EXPECTED: expected },
      addPreviousOutputInEnv: false,
      logging: "stderr",
    },
    { ...options, customTimeouts: { create: TIMEOUT, update: TIMEOUT } },
  );
}

/** What has to answer, as the smoke package reads it. */
export function expectation(
  manifest: Manifest,
  settings: EnvironmentSettings,
  addresses: Record<string, string>,
  attempt: number,
) {
  const services = Object.entries(manifest.services).map(([name, { version, build, health }]) => [
    name,
    { version, build, address: addresses[name], health },
  ]);
  return {
    environment: settings.environment,
    release: manifest.version,
    digest: manifest.digest,
    attempt,
    services: Object.fromEntries(services),
    ...(manifest.smoke === null ? {} : { checks: manifest.smoke }),
  };
}

// Relative to the program's folder: an absolute path in the state would differ on every machine.
const fromHere = (specifier: string) =>
  relative(process.cwd(), fileURLToPath(import.meta.resolve(specifier)));
const smokeProgram = () => fromHere("@slipway/smoke/node");
const launcher = () => fromHere("@slipway/pulumi/node");

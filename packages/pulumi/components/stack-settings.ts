import * as pulumi from "@pulumi/pulumi";
import { type EnvironmentSettings, settingsFrom } from "@slipway/environment/pin";
import { parseStackConfig } from "@slipway/release/stack-config";
import type { EnvironmentArgs } from "./environment.ts";

const NAMESPACE = "slipway:";

/**
 * The pin and the settings of the selected stack. Everything under `slipway:` is read, so that a misspelt
 * key is an error and not a silent default.
 */
export function stackSettings(args: EnvironmentArgs): { release: string; settings: EnvironmentSettings } {
  const entries = Object.entries(pulumi.runtime.allConfig())
    .filter(([key]) => key.startsWith(NAMESPACE))
    .map(([key, value]) => [key.slice(NAMESPACE.length), fromText(value)]);
  const environment = pulumi.getStack();
  const config = parseStackConfig(Object.fromEntries(entries), `Pulumi.${environment}.yaml`);
  return {
    release: config.release,
    settings: settingsFrom(config, { project: pulumi.getProject(), environment, ...args }),
  };
}

// Pulumi hands every value over as text: objects, lists and booleans as JSON, strings and numbers as they are.
function fromText(value: string): unknown {
  if (!/^(?:[[{].*[\]}]|true|false)$/s.test(value)) return value;
  try {
    return JSON.parse(value);
  } catch {
    // A text that only looks like JSON.
    return value;
  }
}

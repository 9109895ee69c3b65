import { loggingChoices } from "../output/output-log.ts";
import { type CheckFailure, type Fields, flag, text } from "../wire/check-inputs.ts";
import { isObject, isUnknown, type Properties, reveal } from "../wire/property-value.ts";

/** The inputs that commands have in common, wherever they run. */
export const commonFields: Fields = {
  stdin: { shape: text },
  logging: { shape: { kind: "choice", of: loggingChoices } },
  environment: { shape: { kind: "map", of: text } },
  addPreviousOutputInEnv: { shape: flag },
};

/** The inputs of a command that is run as its resource is created, updated and deleted. */
export const lifecycleFields: Fields = {
  triggers: { shape: { kind: "list", of: { kind: "any" } } },
  create: { shape: text },
  update: { shape: text },
  delete: { shape: text },
};

/** The inputs of a command on this machine. */
export const localFields: Fields = {
  interpreter: { shape: { kind: "list", of: text } },
  dir: { shape: text },
  assetPaths: { shape: { kind: "list", of: text } },
  archivePaths: { shape: { kind: "list", of: text } },
};

/** Names of variables that the system, or a shell on the other side, would not take. */
export function verifyVariableNames(inputs: Properties, pattern: RegExp, rule: string): CheckFailure[] {
  const environment = reveal(inputs.environment);
  if (!isObject(environment) || isUnknown(environment)) return [];
  return Object.keys(environment)
    .filter((name) => !pattern.test(name))
    .map((name) => ({ property: `environment.${name}`, reason: rule }));
}

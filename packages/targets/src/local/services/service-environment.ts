import { delimiter, dirname } from "node:path";
import { createRedactor, type Redactor } from "@slipway/kernel";
import type { InstanceSpec } from "../../target.ts";

// What programs expect of any system. Everything else a service needs has to be declared by its release.
const INHERITED = [
  "HOME",
  "USER",
  "LOGNAME",
  "SHELL",
  "TZ",
  "LANG",
  "LC_ALL",
  "LC_CTYPE",
  "TMPDIR",
  "NODE_EXTRA_CA_CERTS",
];

/**
 * The environment variables of a service's process: a few of the system's, HOST (loopback, for the frameworks
 * that listen where it says), the resolved ones of the spec, and the port.
 *
 * @param ambient the starter's own environment.
 * @param node the Node that runs Slipway; its folder comes first in PATH.
 */
export function serviceEnvironment(
  spec: Pick<InstanceSpec, "env" | "portVariable">,
  port: number,
  ambient: Readonly<Record<string, string | undefined>>,
  node: string,
): Record<string, string> {
  const inherited = INHERITED.flatMap((name) => {
    const value = ambient[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return {
    ...Object.fromEntries(inherited),
    PATH: [dirname(node), ambient.PATH ?? "/usr/local/bin:/usr/bin:/bin"].join(delimiter),
    HOST: "127.0.0.1",
    ...spec.env,
    [spec.portVariable]: String(port),
  };
}

/** The argv of a service: `node` is the Node that runs Slipway, not the first one on PATH. */
export function serviceCommand(command: readonly string[], node: string): string[] {
  const [program, ...args] = command;
  if (program === undefined) throw new TypeError("a service has an empty command");
  return [program === "node" ? node : program, ...args];
}

// Values that appear in any log and keep nothing secret.
const ORDINARY = /^(\d{1,5}|true|false|production|development|staging|test|debug|info|warn|error)$/;

/** A redactor that knows the values a service was given, and the passwords in those that are URLs. */
export function redactorFor(env: Readonly<Record<string, string>>): Redactor {
  const redactor = createRedactor();
  for (const value of Object.values(env)) {
    if (ORDINARY.test(value)) continue;
    redactor.add(value);
    if (URL.canParse(value)) redactor.add(decodeURIComponent(new URL(value).password));
  }
  return redactor;
}

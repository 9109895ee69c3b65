import { chmodSync, realpathSync, renameSync, statSync, writeFileSync } from "node:fs";
import { SlipwayError } from "@slipway/kernel";
import { isMap, isScalar } from "yaml";
import { readManifest } from "../manifest/manifest.ts";
import { readYaml, type YamlSource } from "../problems/yaml-source.ts";
import { isVersion, refuseVersion } from "../version.ts";
import { parseStackConfig, type StackConfig } from "./stack-config.ts";

const NAMESPACE = "slipway:";
const PIN = ["config", `${NAMESPACE}release`] as const;

/**
 * Reads what a `Pulumi.<env>.yaml` says under `slipway:`.
 *
 * @throws {SlipwayError} CONFIG_INVALID with line and path, VERSION_INVALID, REFERENCE_MUTABLE.
 */
export function readStackFile(file: string): StackConfig {
  const { value, lineOf } = readYaml(file, "CONFIG_INVALID");
  const { config = {} } = (value ?? {}) as { config?: Record<string, unknown> };
  const own = Object.entries(config ?? {}).filter(([key]) => key.startsWith(NAMESPACE));
  const encrypted = own.find(
    ([, member]) => typeof member === "object" && member !== null && "secure" in member,
  );
  if (encrypted !== undefined) {
    throw new SlipwayError("CONFIG_INVALID", {
      what: `Cannot use the configuration in "${file}"`,
      why: `line ${lineOf(["config", encrypted[0]])}: ${encrypted[0]} is encrypted, and Slipway's settings hold no secrets`,
      todo: "Name the variable that holds the secret: {env: NAME}",
    });
  }
  const settings = Object.fromEntries(own.map(([key, member]) => [key.slice(NAMESPACE.length), member]));
  return parseStackConfig(settings, file, ([key, ...below]) =>
    lineOf(key === undefined ? ["config"] : ["config", `${NAMESPACE}${String(key)}`, ...below]),
  );
}

/** The release that a stack file pins. @throws {SlipwayError} as {@link readStackFile}. */
export function readPin(file: string): string {
  return readStackFile(file).release;
}

/** What {@link setPin} may check. */
export interface PinOptions {
  /** Folder of the manifests: the pinned release has to be there, as it was cut. */
  readonly releases?: string;
}

/**
 * Writes another pin into a stack file. Every other byte stays as it is, comments and spacing included, and a reader
 * finds the old file or the new one.
 *
 * @throws {SlipwayError} CONFIG_INVALID, VERSION_INVALID, REFERENCE_MUTABLE; with `releases` also RELEASE_UNKNOWN,
 *   MANIFEST_INVALID, MANIFEST_EDITED.
 * @example
 * setPin("stacks/Pulumi.dev.yaml", "1.1.0", { releases: "stacks/releases" });
 */
export function setPin(file: string, version: string, { releases }: PinOptions = {}): void {
  if (!isVersion(version)) throw refuseVersion(version, `Cannot pin "${version}" in "${file}"`);
  if (releases !== undefined) readManifest(releases, version);
  const source = readYaml(file, "CONFIG_INVALID");
  const text = withPin(source, file, version);
  if (text !== source.text) replaceFile(file, text);
}

/**
 * The release that a stack file pins; `null` for a new one, which has no pin yet.
 *
 * @throws {SlipwayError} CONFIG_INVALID for what is not YAML.
 */
export function presentPin(file: string): string | null {
  const pin: unknown = readYaml(file, "CONFIG_INVALID").document.getIn(PIN);
  return typeof pin === "string" ? pin : null;
}

function withPin({ text, document }: YamlSource, file: string, version: string): string {
  const pin: unknown = document.getIn(PIN, true);
  // The value is exchanged in the text itself: writing the document out would lay out the rest of it anew.
  if (isScalar(pin) && pin.value !== null && pin.range) {
    return `${text.slice(0, pin.range[0])}${version}${text.slice(pin.range[1])}`;
  }
  const isKeys = document.contents === null || isMap(document.contents);
  const config: unknown = isKeys ? document.get("config", true) : document.contents;
  if (isAbsent(config)) document.set("config", document.createNode({ [PIN[1]]: version }));
  else if (isMap(config) && isAbsent(pin)) document.setIn(PIN, version);
  else {
    throw new SlipwayError("CONFIG_INVALID", {
      what: `Cannot pin a release in "${file}"`,
      why: "its config is not a map of keys with one pin",
    });
  }
  return document.toString({ lineWidth: 0, flowCollectionPadding: false });
}

const isAbsent = (node: unknown): boolean =>
  node === undefined || node === null || (isScalar(node) && node.value === null);

function replaceFile(file: string, text: string): void {
  // Through a link to the file itself: a rename would replace the link.
  const path = realpathSync(file);
  const partial = `${path}.${process.pid}.partial`;
  writeFileSync(partial, text);
  chmodSync(partial, statSync(path).mode);
  renameSync(partial, path);
}

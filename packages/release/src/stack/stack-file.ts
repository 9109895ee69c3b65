import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { SlipwayError } from "@slipway/kernel";
import { type Document, parseDocument } from "yaml";
import { parseStackConfig, type StackConfig } from "./stack-config.ts";

const NAMESPACE = "slipway:";

/** Reads what a `Pulumi.<env>.yaml` says under `slipway:`. @throws {SlipwayError} CONFIG_INVALID. */
export function readStackFile(file: string): StackConfig {
  const { config = {} } = (read(file).toJS() ?? {}) as { config?: Record<string, unknown> };
  const own = Object.entries(config)
    .filter(([key]) => key.startsWith(NAMESPACE))
    .map(([key, value]) => [key.slice(NAMESPACE.length), value]);
  return parseStackConfig(Object.fromEntries(own), file);
}

/** The release that a stack file pins. @throws {SlipwayError} CONFIG_INVALID. */
export function readPin(file: string): string {
  return readStackFile(file).release;
}

/** Writes another pin into a stack file; comments, order and everything else stay as they are. */
export function setPin(file: string, version: string): void {
  const document = read(file);
  if (document.getIn(["config", `${NAMESPACE}release`]) === version) return;
  document.setIn(["config", `${NAMESPACE}release`], version);
  const partial = `${file}.${process.pid}.partial`;
  writeFileSync(partial, document.toString({ lineWidth: 0 }));
  renameSync(partial, file);
}

function read(file: string): Document {
  const document = parseDocument(readFileSync(file, "utf8"));
  const [error] = document.errors;
  if (error === undefined) return document;
  throw new SlipwayError("CONFIG_INVALID", {
    what: `Cannot read "${file}"`,
    why: error.message.split("\n")[0] ?? error.message,
  });
}

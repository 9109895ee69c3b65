import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { compareReleases, readPin } from "@slipway/release";

/** The part of `slipway rollback --output json` that is read here: releases that passed, newest run first. */
export interface RollbackList {
  readonly targets: readonly { readonly version: string; readonly problem: string | null }[];
}

/**
 * The release to go back to when nobody names one: of those that passed here and can be reached, the last one
 * that is older than the pin in git. After a failed release that `slipway up` took back by itself, that is the
 * one that serves already, and only the pin is left to be corrected.
 */
export function lastGood({ targets }: RollbackList, pin: string): string {
  const found = targets.find(({ version, problem }) => problem === null && compareReleases(version, pin) < 0);
  if (found === undefined) throw new Error(`no release older than ${pin} passed here and can be reached`);
  return found.version;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const list = JSON.parse(readFileSync(0, "utf8")) as RollbackList;
  process.stdout.write(`${lastGood(list, readPin(`stacks/Pulumi.${process.argv[2]}.yaml`))}\n`);
}

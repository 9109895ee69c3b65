import { join } from "node:path";
import { FLAGS_SINCE, type OpenEnvironment } from "@slipway/environment";
import { readFlags } from "@slipway/flags/store";
import { findFlagReferences, readProduct } from "@slipway/release";
import { staleFlags } from "../flag/stale-flags.ts";
import { type Finding, finding } from "./finding.ts";

/** For how long a flag may be on for everybody, or killed. */
const DAYS = 30;

/** Compares the flags that the product declares with the sources that git tracks. */
export function checkFlagSources({ folders }: OpenEnvironment): Promise<Finding> {
  return finding("flag sources", async () => {
    const { flags } = readProduct(join(folders.root, "stacks", "product.yaml"));
    const keys = flags.map(({ key }) => key);
    const { unreferenced, undeclared } = await findFlagReferences(folders.root, keys);
    const problems = [
      ...(unreferenced.length > 0 ? [`no source names ${unreferenced.join(", ")}`] : []),
      ...undeclared.map(({ key, file, line }) => `${file}:${line} asks for ${key}, which is not declared`),
    ];
    if (problems.length === 0)
      return keys.length === 0 ? "none declared" : `${keys.length} declared, all in the sources`;
    return {
      status: "warn",
      detail: problems.join("; "),
      suggestion: "Correct flags in stacks/product.yaml, or the sources, and cut the next release",
    };
  });
}

/** Looks for flags of an environment that should have left the product. */
export function checkStaleFlags(environment: OpenEnvironment): Promise<Finding> {
  return finding("flags", async () => {
    const db = await environment.database();
    const { ledger } = await environment.observe();
    if (db === null || ledger.version < FLAGS_SINCE) return "none yet";
    const flags = await readFlags(db);
    const stale = staleFlags(flags, { now: Date.now(), days: DAYS, unreferenced: null });
    const count = flags.filter(({ state }) => !state.archived).length;
    if (stale.length === 0) return count === 0 ? "none" : `${count}, none of them stale`;
    return {
      status: "warn",
      detail: stale.map(({ key, reasons }) => `${key}: ${reasons.join(", ")}`).join("; "),
      suggestion: "Take them out of the code and of stacks/product.yaml, and cut the next release",
    };
  });
}

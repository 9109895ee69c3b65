// Reads `slipway rollback --output json` and prints the release to go back to when nobody names one: of those that
// passed here and can be reached, the last one that is older than the pin in git. After a failed release that
// `slipway up` took back by itself, that is the one that serves already, and only the pin is left to be corrected.
import { text } from "node:stream/consumers";
import { compareReleases, readPin } from "@slipway/release";

interface RollbackList {
  /** Releases that passed, newest run first. */
  readonly targets: readonly { readonly version: string; readonly problem: string | null }[];
}

const [environment = ""] = process.argv.slice(2);
const { targets } = JSON.parse(await text(process.stdin)) as RollbackList;
const pin = readPin(`stacks/Pulumi.${environment}.yaml`);
const found = targets.find(({ version, problem }) => problem === null && compareReleases(version, pin) < 0);
if (found === undefined) throw new Error(`no release older than ${pin} passed here and can be reached`);
process.stdout.write(`${found.version}\n`);

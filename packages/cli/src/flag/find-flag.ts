import { type FlagView, readFlags } from "@slipway/flags/store";
import { closestWord, nameSome, SlipwayError } from "@slipway/kernel";
import type { Database } from "@slipway/ledger";

/**
 * A flag by its key.
 *
 * @throws {SlipwayError} FLAG_UNKNOWN, with the key that was probably meant.
 */
export async function findFlag(db: Database, key: string): Promise<FlagView> {
  const flags = await readFlags(db);
  const found = flags.find((flag) => flag.key === key);
  if (found !== undefined) return found;
  throw unknownFlag(
    key,
    flags.filter(({ state }) => !state.archived).map((flag) => flag.key),
  );
}

/** What is said of a key that the environment does not have. */
export function unknownFlag(key: string, known: readonly string[]): SlipwayError {
  const near = closestWord(key, known);
  return new SlipwayError("FLAG_UNKNOWN", {
    what: `Cannot find flag "${key}"`,
    why: known.length === 0 ? "the environment has no flags" : `the environment has ${nameSome(known, 8)}`,
    ...(near === null ? {} : { todo: `Did you mean ${near}?` }),
  });
}

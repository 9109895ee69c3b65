import type { Database } from "@slipway/ledger";
import {
  type BaselineCheck,
  checkBaseline,
  fingerprint,
  type Migration,
  openScratchDatabase,
  upFile,
} from "@slipway/migrations";
import { type ProofPlace, withProofPlace } from "../prove/proof-place.ts";

/** How a database compares with what migrations would make of an empty one. */
export interface FreshComparison extends BaselineCheck {
  /** Where the migrations were run to compare with, for people. */
  readonly place: string;
}

/**
 * Applies migrations to an empty database, beside the one in question where its server allows that, and looks for what
 * they make in the one in question.
 *
 * @param root the project's root.
 * @param migrations everything up to the last one to adopt.
 */
export async function compareWithFresh(
  root: string,
  db: Database,
  migrations: readonly Migration[],
  url: string,
): Promise<FreshComparison> {
  const live = await fingerprint(db);
  const compare = async ({ adminUrl, options, words }: ProofPlace): Promise<FreshComparison> => {
    const { prelude } = options;
    const scratch = await openScratchDatabase(adminUrl, prelude === undefined ? {} : { prelude });
    try {
      const before = await fingerprint(scratch.db);
      for (const { id, up } of migrations) await scratch.run({ file: upFile(id), text: up });
      const place = words.startsWith("a copy") ? "an empty database on the same server" : words;
      return { ...checkBaseline(live, before, await fingerprint(scratch.db)), place };
    } finally {
      await scratch.remove();
    }
  };
  return withProofPlace({ root, migrations, database: url }, compare);
}

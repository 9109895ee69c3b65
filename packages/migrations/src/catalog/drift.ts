import { compareCodePoints } from "@slipway/kernel";
import { type Database, readHead } from "@slipway/ledger";
import { unfinishedMigrations } from "../run/unfinished-migrations.ts";
import { diffFingerprints, type SchemaDifference } from "./diff-fingerprints.ts";
import { type Fingerprint, fingerprint } from "./fingerprint.ts";

/** So many digits of an object's hash are kept: enough to tell two apart, a quarter of the space. */
const DIGITS = 16;

/** The objects of a catalog as the ledger keeps them: a line each, without definitions. */
export function objectLines({ objects }: Pick<Fingerprint, "objects">): string {
  return objects
    .map(({ kind, name, hash }) => `${kind}\t${escaped(name)}\t${hash.slice(0, DIGITS)}`)
    .join("\n");
}

/**
 * Names what was changed in a schema since its head settled, other than by migrations. Reads only.
 *
 * @param head id of the newest applied migration.
 * @returns empty also where nothing is known of the head, and while a run that was interrupted is to be gone on with:
 *   it may have begun what cannot run in a transaction.
 */
export async function driftSince(db: Database, head: string): Promise<SchemaDifference[]> {
  const stored = await readHead(db, head);
  if (stored === null || (await unfinishedMigrations(db)).length > 0) return [];
  const live = await fingerprint(db);
  if (live.hash === stored.fingerprint) return [];
  return [...diffFingerprints(parse(stored.objects), parse(objectLines(live))).differences];
}

/** One change for people: `index public.orders_note_idx was added`. */
export function describeDrift({ change, kind, name }: SchemaDifference): string {
  const words = { added: "was added", removed: "is gone", changed: "was changed" };
  return `${kind} ${name} ${words[change]}`;
}

function parse(lines: string): Fingerprint {
  const objects =
    lines === ""
      ? []
      : lines.split("\n").map((line) => {
          const [kind = "", name = "", hash = ""] = line.split("\t");
          return { kind, name: JSON.parse(`"${name}"`) as string, hash };
        });
  objects.sort((a, b) => compareCodePoints(`${a.kind}\t${a.name}`, `${b.kind}\t${b.name}`));
  return { hash: "", objects, columnOrder: {} };
}

// Names may hold anything, a line end too.
function escaped(name: string): string {
  return JSON.stringify(name).slice(1, -1);
}

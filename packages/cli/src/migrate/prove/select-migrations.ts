import { closestWord, SlipwayError } from "@slipway/kernel";
import type { Migration } from "@slipway/migrations";
import { compareReleases, isVersion, type Manifest } from "@slipway/release";

/** Which migrations a person asked to prove. */
export interface Selection {
  readonly ids: readonly string[];
  readonly all: boolean;
  /** Those that came after this release. */
  readonly since?: string;
}

/**
 * The ids to prove: the named ones, all, those after a release, or else those that no release has. A proof of nothing
 * is refused, since it would look like a pass.
 *
 * @throws {SlipwayError} USAGE, RELEASE_UNKNOWN, PROOF_EMPTY.
 */
export function selectMigrations(
  migrations: readonly Migration[],
  releases: readonly Manifest[],
  { ids, all, since }: Selection,
): ReadonlySet<string> {
  const ways = [ids.length > 0, all, since !== undefined].filter(Boolean).length;
  if (ways > 1) {
    throw new SlipwayError("USAGE", {
      what: "Cannot prove migrations",
      why: "ids, --all and --since each say which, and more than one of them is given",
      todo: "Keep one",
    });
  }
  const known = migrations.map(({ id }) => id);
  if (ids.length > 0) return new Set(ids.map((word) => named(word, migrations)));
  if (all) return refuseEmpty(known, "the migrations folder is empty");
  if (since !== undefined) {
    const release = releases.find(({ version }) => version === since);
    if (release === undefined) throw unknownRelease(since, releases);
    const before = new Set(release.migrations.map(({ id }) => id));
    return refuseEmpty(
      known.filter((id) => !before.has(id)),
      `no migration is newer than ${since}`,
    );
  }
  const newest = [...releases].sort((a, b) => compareReleases(a.version, b.version)).at(-1);
  const released = new Set(newest?.migrations.map(({ id }) => id));
  return refuseEmpty(
    known.filter((id) => !released.has(id)),
    newest === undefined ? "the migrations folder is empty" : `${newest.version} has all migrations`,
  );
}

/** By id, or by version alone. */
function named(word: string, migrations: readonly Migration[]): string {
  const found = migrations.find(({ id, version }) => id === word || version === word);
  if (found !== undefined) return found.id;
  const near = closestWord(
    word,
    migrations.map(({ id }) => id),
  );
  throw new SlipwayError("USAGE", {
    what: `Cannot prove migration "${word}"`,
    why: "there is no such file in the migrations folder",
    todo: near === null ? "Name a file without .sql" : `Did you mean ${near}?`,
  });
}

function refuseEmpty(ids: readonly string[], why: string): ReadonlySet<string> {
  if (ids.length > 0) return new Set(ids);
  throw new SlipwayError("PROOF_EMPTY", { what: "Cannot prove migrations", why });
}

function unknownRelease(version: string, releases: readonly Manifest[]): SlipwayError {
  const what = `Cannot prove the migrations since "${version}"`;
  if (!isVersion(version))
    return new SlipwayError("USAGE", { what, why: "it is no version", todo: "Write it like 1.4.0" });
  const known = releases.map((release) => release.version).join(", ");
  return new SlipwayError("RELEASE_UNKNOWN", { what, why: `the releases are ${known || "none"}` });
}

import { SlipwayError } from "@slipway/kernel";
import { compareVersions, type Migration, migrationRef } from "@slipway/migrations";
import type { Manifest, SmokeRef } from "../manifest/manifest.ts";
import type { Product } from "../product/product.ts";
import { compareReleases, isVersion, refuseVersion } from "../version.ts";
import type { GitState } from "./git-state.ts";

/** Everything that the plan of a cut is made from, gathered before. */
export interface CutFacts {
  readonly version: string;
  /** The last migration to include; all of them when left out. */
  readonly head?: string | undefined;
  /** Whether the version may be older than the newest release, for a fix of an older line. */
  readonly allowOlder?: boolean | undefined;
  readonly git: GitState;
  /** All releases, oldest first. */
  readonly releases: readonly Manifest[];
  /** All migrations on disk, in their order. */
  readonly migrations: readonly Migration[];
  readonly product: Product;
  readonly smoke: SmokeRef;
}

/** What a cut will do and write, but for what the builds give. */
export interface CutPlan {
  readonly version: string;
  readonly commit: string;
  readonly createdAt: string;
  /** The newest release before this one, whose unchanged services are kept. */
  readonly previous: Manifest | null;
  readonly migrations: readonly Migration[];
  readonly heads: Manifest["heads"];
  readonly services: Product["services"];
  readonly config: Product["config"];
  readonly smoke: SmokeRef;
}

const SHOWN_FILES = 10;

/**
 * Plans a cut, or refuses it. Pure: nothing is read and nothing is written.
 *
 * @throws {SlipwayError} VERSION_INVALID, REFERENCE_MUTABLE, RELEASE_EXISTS, TREE_DIRTY, MIGRATION_INVALID,
 *   SCHEMA_CHECKSUM_CHANGED, SCHEMA_OUT_OF_ORDER.
 */
export function planCut(facts: CutFacts): CutPlan {
  const { version, git, releases, product, smoke } = facts;
  checkVersion(facts);
  refuseChanges(version, git);
  const previous = releases.filter((release) => compareReleases(release.version, version) < 0).at(-1) ?? null;
  const migrations = releaseMigrations(facts, previous);
  return {
    version,
    commit: git.commit,
    createdAt: git.committedAt,
    previous,
    migrations,
    heads: {
      min: migrations.findLast(({ phase }) => phase === "expand")?.id ?? null,
      max: migrations.at(-1)?.id ?? null,
    },
    services: product.services,
    config: product.config,
    smoke,
  };
}

/** @throws {SlipwayError} TREE_DIRTY, naming the files: what is not committed cannot be built again. */
export function refuseChanges(version: string, { changes }: GitState): void {
  if (changes.length === 0) return;
  const more = changes.length > SHOWN_FILES ? ` and ${changes.length - SHOWN_FILES} more` : "";
  throw new SlipwayError("TREE_DIRTY", {
    what: `Cannot cut ${version}`,
    why: `not as committed: ${changes.slice(0, SHOWN_FILES).join(", ")}${more}`,
    todo: "Commit these files, stash them, or let git ignore them",
  });
}

function checkVersion({ version, releases, allowOlder = false }: CutFacts): void {
  const what = `Cannot cut ${version}`;
  if (!isVersion(version)) throw refuseVersion(version, `Cannot cut "${version}"`);
  if (releases.some((release) => release.version === version)) {
    throw new SlipwayError("RELEASE_EXISTS", {
      what,
      why: `stacks/releases/${version}.json is there already`,
    });
  }
  const newest = releases.at(-1)?.version;
  if (newest === undefined || allowOlder || compareReleases(version, newest) > 0) return;
  throw new SlipwayError("VERSION_INVALID", {
    what,
    why: `it is older than ${newest}, the newest release`,
    todo: `Cut a version after ${newest}`,
  });
}

function releaseMigrations(
  { version, head, migrations }: CutFacts,
  previous: Manifest | null,
): readonly Migration[] {
  const what = `Cannot cut ${version}`;
  const end = head === undefined ? migrations.length : migrations.findIndex(({ id }) => id === head) + 1;
  if (head !== undefined && end === 0) {
    throw new SlipwayError("MIGRATION_INVALID", {
      what: `${what} up to migration "${head}"`,
      why: "there is no such file",
      todo: `Name one of ${migrations.map(({ id }) => id).join(", ")}`,
    });
  }
  const included = migrations.slice(0, end);
  const released = previous?.migrations ?? [];
  for (const ref of released) {
    const found = included.find(({ id }) => id === ref.id);
    const problem =
      found === undefined
        ? `is not part of it${head === undefined ? "" : ` up to ${head}`}`
        : edited(found, ref);
    if (problem === null) continue;
    throw new SlipwayError("SCHEMA_CHECKSUM_CHANGED", {
      what,
      why: `migration "${ref.id}" of release ${previous?.version} ${problem}`,
    });
  }
  const known = new Set(released.map(({ id }) => id));
  refuseOrder(
    what,
    included.filter(({ id }) => !known.has(id)),
    released.at(-1)?.id,
  );
  return included;
}

function edited(found: Migration, released: Manifest["migrations"][number]): string | null {
  const now = migrationRef(found);
  const parts = (["up", "down", "phase", "kind"] as const).filter((part) => now[part] !== released[part]);
  const names = { up: "SQL", down: "rollback SQL", phase: "phase", kind: "kind" };
  return parts.length === 0 ? null : `has another ${parts.map((part) => names[part]).join(" and ")} now`;
}

// Contract migrations run after the release's app has started: an expand one behind them could not run before it.
function refuseOrder(what: string, added: readonly Migration[], newest: string | undefined): void {
  const late = added.find(({ id }) => newest !== undefined && compareVersions(id, newest) < 0);
  if (late !== undefined) {
    throw new SlipwayError("SCHEMA_OUT_OF_ORDER", {
      what,
      why: `migration "${late.id}" is new and older than "${newest}", which is released`,
    });
  }
  const contract = added.findIndex(({ phase }) => phase === "contract");
  const expand = contract === -1 ? undefined : added.slice(contract).find(({ phase }) => phase === "expand");
  if (expand === undefined) return;
  throw new SlipwayError("MIGRATION_INVALID", {
    what,
    why: `expand migration "${expand.id}" comes after contract migration "${added[contract]?.id}" in the same release`,
    todo: "Order them expand first, or cut two releases with --head",
  });
}

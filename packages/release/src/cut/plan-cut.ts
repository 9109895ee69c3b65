import { nameSome, SlipwayError } from "@slipway/kernel";
import type { Migration } from "@slipway/migrations";
import type { ReleaseFlag } from "../flags/flag-schema.ts";
import { releaseFlags } from "../flags/release-flags.ts";
import type { Manifest, SmokeRef } from "../manifest/manifest.ts";
import type { Product } from "../product/product.ts";
import { compareReleases, isVersion, refuseVersion } from "../version.ts";
import type { GitState } from "./git-state.ts";
import { releaseMigrations } from "./release-migrations.ts";

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
  readonly flags: readonly ReleaseFlag[];
  readonly config: Product["config"];
  readonly smoke: SmokeRef;
}

const SHOWN_FILES = 10;

/**
 * Plans a cut, or refuses it. Pure: nothing is read and nothing is written.
 *
 * @throws {SlipwayError} VERSION_INVALID, REFERENCE_MUTABLE, RELEASE_EXISTS, TREE_DIRTY, PRODUCT_INVALID,
 *   MIGRATION_INVALID, SCHEMA_CHECKSUM_CHANGED, SCHEMA_OUT_OF_ORDER, SCHEMA_SQUASHED.
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
    flags: releaseFlags(version, product.flags, previous),
    config: product.config,
    smoke,
  };
}

/** @throws {SlipwayError} TREE_DIRTY, naming the files: what is not committed cannot be built again. */
export function refuseChanges(version: string, { changes }: GitState): void {
  if (changes.length === 0) return;
  throw new SlipwayError("TREE_DIRTY", {
    what: `Cannot cut ${version}`,
    why: `not as committed: ${nameSome(changes, SHOWN_FILES)}`,
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

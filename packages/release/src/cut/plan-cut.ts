import { SlipwayError } from "@slipway/kernel";
import type { Migration } from "@slipway/migrations";
import type { Manifest } from "./manifest-schema.ts";
import { compareReleases, isVersion } from "./version.ts";

/**
 * The migrations of a new release: those on disk up to its head, in their order.
 *
 * @param head the last one to include; all of them when left out.
 * @param previous the release before, whose migrations have to be there unchanged.
 * @throws {SlipwayError} MIGRATION_INVALID, SCHEMA_CHECKSUM_CHANGED.
 */
export function releaseMigrations(
  onDisk: readonly Migration[],
  head: string | undefined,
  previous: Manifest | null,
): Migration[] {
  const end = head === undefined ? onDisk.length : onDisk.findIndex(({ id }) => id === head) + 1;
  if (head !== undefined && end === 0) {
    throw new SlipwayError("MIGRATION_INVALID", {
      what: `Cannot cut up to migration "${head}"`,
      why: "there is no such file",
      todo: `Name one of ${onDisk.map(({ id }) => id).join(", ")}`,
    });
  }
  const included = onDisk.slice(0, end);
  const byId = new Map(included.map((migration) => [migration.id, migration]));
  for (const { id, up, down } of previous?.migrations ?? []) {
    const now = byId.get(id);
    const problem =
      now === undefined
        ? "is gone"
        : `sha256:${now.upSha256}` !== up || digest(now.downSha256) !== down
          ? "was edited"
          : null;
    if (problem !== null) {
      throw new SlipwayError("SCHEMA_CHECKSUM_CHANGED", {
        what: "Cannot cut a release",
        why: `migration "${id}" of release ${previous?.version} ${problem}`,
      });
    }
  }
  const known = new Set(previous?.migrations.map(({ id }) => id));
  refuseExpandAfterContract(included.filter(({ id }) => !known.has(id)));
  return included;
}

// Within one release the contract migrations run after its app has started: an expand one behind them could not.
function refuseExpandAfterContract(added: readonly Migration[]): void {
  const contract = added.findIndex(({ phase }) => phase === "contract");
  const late = contract === -1 ? undefined : added.slice(contract).find(({ phase }) => phase === "expand");
  if (late === undefined) return;
  throw new SlipwayError("MIGRATION_INVALID", {
    what: "Cannot cut a release",
    why: `expand migration "${late.id}" comes after contract migration "${added[contract]?.id}" in the same release`,
    todo: "Order them expand first, or cut two releases with --head",
  });
}

/** The newest release that is older than a version; its unchanged services are kept. */
export function previousRelease(releases: readonly Manifest[], version: string): Manifest | null {
  return releases.filter((release) => compareReleases(release.version, version) < 0).at(-1) ?? null;
}

/** @throws {SlipwayError} VERSION_INVALID, RELEASE_EXISTS. */
export function refuseVersion(version: string, releases: readonly Manifest[]): void {
  if (!isVersion(version)) {
    throw new SlipwayError("VERSION_INVALID", {
      what: `Cannot cut "${version}"`,
      why: /^v\d/.test(version) ? "versions are written without a v" : "it is not semantic versioning",
    });
  }
  if (releases.some((release) => release.version === version))
    throw new SlipwayError("RELEASE_EXISTS", { what: `Cannot cut ${version}`, why: "it is cut already" });
}

const digest = (hex: string | null): string | null => (hex === null ? null : `sha256:${hex}`);

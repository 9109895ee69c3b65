import { SlipwayError } from "@slipway/kernel";
import { type Migration, matchChains, plannedMigration } from "@slipway/migrations";
import { compareReleases, type Manifest } from "@slipway/release";

/** A stack and the release that it is pinned to. */
export interface StackPin {
  readonly stack: string;
  readonly release: string;
}

/**
 * The migrations that may be squashed: the first ones of the folder, as far as the newest release and every stack's pin
 * have them. A stack that lacks one would need its single file, which is gone after.
 *
 * @throws {SlipwayError} SQUASH_REFUSED when `through` is not among them, naming who lacks it, or when there are none.
 */
export function squashable(
  migrations: readonly Migration[],
  releases: readonly Manifest[],
  pins: readonly StackPin[],
  through: string | undefined,
): readonly Migration[] {
  const newest = [...releases].sort((a, b) => compareReleases(a.version, b.version)).at(-1);
  const who = [
    { name: `the newest release, ${newest?.version ?? "of which there is none"},`, manifest: newest },
    ...pins.map(({ stack, release }) => ({
      name: `stack ${stack}, pinned to ${release},`,
      manifest: releases.find(({ version }) => version === release),
    })),
  ];
  let least: { readonly name: string; readonly has: readonly Migration[] } | null = null;
  for (const { name, manifest } of who) {
    const has = matchChains((manifest?.migrations ?? []).map(plannedMigration), migrations).common;
    if (least === null || has.length < least.has.length) least = { name, has };
  }
  const { name, has } = least!;
  const end = migrations.findIndex(({ id, version }) => id === through || version === through);
  const lacking =
    through === undefined
      ? has.length < 2
        ? migrations[has.length]
        : undefined
      : migrations[Math.max(end, 0)];
  if (lacking === undefined || has.includes(lacking)) return has;
  throw new SlipwayError("SQUASH_REFUSED", {
    what: through === undefined ? "Cannot squash the migrations" : `Cannot squash up to "${through}"`,
    why: `${name} does not have "${lacking.id}" yet`,
    todo:
      has.length < 2
        ? "Release and pin it everywhere first"
        : `Release and pin it everywhere first, or squash up to ${has.at(-1)!.id} with --through`,
  });
}

/** One migration that a squashed migration stands for, as it was released. */
export interface ReplacedMigration {
  readonly id: string;
  /** 64 hexadecimal characters. */
  readonly upSha256: string;
  /** Null only for an irreversible one. */
  readonly downSha256: string | null;
}

/** A link of a chain: a single migration, or a squashed one with those that it replaces, in their order. */
export interface ChainLink {
  readonly id: string;
  readonly replaces?: readonly { readonly id: string }[] | null | undefined;
}

/** A squashed migration that is there as a whole on one side and in part on the other. */
export interface SplitLink {
  /** The side that has the squashed migration. */
  readonly side: "applied" | "wanted";
  readonly id: string;
  /** What the other side has of it, and what it lacks; single ids in their order. */
  readonly there: readonly string[];
  readonly missing: readonly string[];
}

/** How two chains of migrations lie beside each other. */
export interface ChainMatch<A, W> {
  /** Applied, and wanted too, under its own id or under another one's. */
  readonly kept: readonly A[];
  /** Wanted, and applied already. */
  readonly common: readonly W[];
  /** Wanted and not applied, in their order, but for a split one. */
  readonly apply: readonly W[];
  /** Applied and not wanted, newest first, but for a split one. */
  readonly undo: readonly A[];
  readonly split: SplitLink | null;
}

/**
 * Lays what is applied beside what is wanted. A squashed migration counts as the single ones that it replaces, on both
 * sides: a database that ran those has it, and one that ran it has those.
 *
 * @example
 * // "3_s" replaces "1_a" and "2_b"
 * matchChains([a, b], [s, d]); // kept [a, b], common [s], apply [d]
 */
export function matchChains<A extends ChainLink, W extends ChainLink>(
  applied: readonly A[],
  wanted: readonly W[],
): ChainMatch<A, W> {
  const left = { link: 0, part: 0 };
  const right = { link: 0, part: 0 };
  for (;;) {
    const there = singleAt(applied, left);
    if (there === undefined || there !== singleAt(wanted, right)) break;
    advance(applied, left);
    advance(wanted, right);
  }
  return {
    kept: applied.slice(0, left.link),
    common: wanted.slice(0, right.link),
    apply: behind(wanted, right),
    undo: behind(applied, left).reverse(),
    split: splitAt("applied", applied, left) ?? splitAt("wanted", wanted, right),
  };
}

/** The ids of the single migrations of a chain: a squashed one gives those that it replaces. */
export function singleIds(chain: readonly ChainLink[]): string[] {
  return chain.flatMap(({ id, replaces }) => replaces?.map((one) => one.id) ?? [id]);
}

/** A place in a chain: a link, and one of the single migrations in it. Long chains are compared often: nothing is copied. */
interface Place {
  link: number;
  part: number;
}

function singleAt(chain: readonly ChainLink[], { link, part }: Place): string | undefined {
  const at = chain[link];
  return at?.replaces ? at.replaces[part]?.id : at?.id;
}

function advance(chain: readonly ChainLink[], place: Place): void {
  place.part += 1;
  if (place.part < (chain[place.link]?.replaces?.length ?? 1)) return;
  place.link += 1;
  place.part = 0;
}

/** The links behind a place, but for the one that it is in the middle of. */
function behind<L>(chain: readonly L[], { link, part }: Place): L[] {
  return chain.slice(part > 0 ? link + 1 : link);
}

function splitAt(
  side: SplitLink["side"],
  chain: readonly ChainLink[],
  { link, part }: Place,
): SplitLink | null {
  const at = chain[link];
  if (at === undefined || part === 0) return null;
  const ids = singleIds([at]);
  return { side, id: at.id, there: ids.slice(0, part), missing: ids.slice(part) };
}

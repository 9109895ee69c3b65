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
  const there = singleIds(applied);
  const asked = singleIds(wanted);
  const end = asked.findIndex((id, index) => there[index] !== id);
  const shared = end === -1 ? asked.length : end;
  const left = cut(applied, shared);
  const right = cut(wanted, shared);
  return {
    kept: left.before,
    common: right.before,
    apply: right.after,
    undo: left.after.toReversed(),
    split:
      splitOf("applied", left, asked.slice(0, shared)) ?? splitOf("wanted", right, there.slice(0, shared)),
  };
}

/** The ids of the single migrations of a chain: a squashed one gives those that it replaces. */
export function singleIds(chain: readonly ChainLink[]): string[] {
  return chain.flatMap((link) => singlesOf(link).map(({ id }) => id));
}

function singlesOf(link: ChainLink): readonly { readonly id: string }[] {
  return link.replaces && link.replaces.length > 0 ? link.replaces : [link];
}

interface Cut<L> {
  readonly before: readonly L[];
  /** The link that the cut goes through. */
  readonly through: L | null;
  readonly after: readonly L[];
}

/** Cuts a chain behind so many single migrations. */
function cut<L extends ChainLink>(chain: readonly L[], singles: number): Cut<L> {
  let rest = singles;
  for (const [index, link] of chain.entries()) {
    const length = singlesOf(link).length;
    if (rest >= length) {
      rest -= length;
      continue;
    }
    const through = rest > 0 ? link : null;
    return {
      before: chain.slice(0, index),
      through,
      after: chain.slice(through === null ? index : index + 1),
    };
  }
  return { before: chain, through: null, after: [] };
}

function splitOf(
  side: SplitLink["side"],
  { through }: Cut<ChainLink>,
  others: readonly string[],
): SplitLink | null {
  if (through === null) return null;
  const ids = singleIds([through]);
  const there = ids.filter((id) => others.includes(id));
  return { side, id: through.id, there, missing: ids.filter((id) => !there.includes(id)) };
}

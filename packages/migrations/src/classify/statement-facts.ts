import type { Kind, Phase } from "../migration.ts";

/** Postgres' table locks, weakest first. */
export const lockModes = [
  "ACCESS SHARE",
  "ROW SHARE",
  "ROW EXCLUSIVE",
  "SHARE UPDATE EXCLUSIVE",
  "SHARE",
  "SHARE ROW EXCLUSIVE",
  "EXCLUSIVE",
  "ACCESS EXCLUSIVE",
] as const;

export type LockMode = (typeof lockModes)[number];

/** A lock that a statement takes on a relation, held until its transaction ends. */
export interface Lock {
  /** The relation's name, `public.` left out; `null` for one that the statement does not name (the table of an index). */
  readonly relation: string | null;
  readonly mode: LockMode;
}

/**
 * How much of a table is gone through while the lock is held: `none` in an instant, `scan` every row is read, `build`
 * an index is made from every row, `rewrite` every row is written anew.
 */
export type Work = "none" | "scan" | "build" | "rewrite";

/** What a family of statements knows of one: the part that comes from a table. */
export interface FamilyFacts {
  /** What it is, in the words of the manual: `ALTER TABLE … ADD COLUMN`. */
  readonly name: string;
  readonly locks: readonly Lock[];
  readonly work: Work;
  /** Whether `work` is the worst that can be: types or data decide, and the text does not tell. */
  readonly mayBeLess: boolean;
  /** The relation that the work is done on. */
  readonly workOn: string | null;
  /** `unknown`: code that the parser cannot look into. */
  readonly touches: "schema" | "data" | "both" | "session" | "unknown";
  /** Whether Postgres runs it inside a transaction block. */
  readonly transactional: boolean;
}

/** Everything that the text of one statement tells. */
export interface StatementFacts extends FamilyFacts {
  /** What it does to rows that are there: keeps them, loses them, or nothing ever takes it back. */
  readonly cost: Kind;
  /** `contract` when the older app cannot live with it. */
  readonly phase: Phase;
  /** What the older app would miss, in words that follow "this"; null for `expand`. */
  readonly breaks: string | null;
  /** In UTF-16 units and in bytes of UTF-8, from the start of the file. */
  readonly start: number;
  readonly startByte: number;
  readonly endByte: number;
}

/** Fills in what most statements have in common: nothing locked, nothing gone through, a change of the schema. */
export function facts(name: string, more: Partial<Omit<FamilyFacts, "name">> = {}): FamilyFacts {
  return {
    name,
    locks: [],
    work: "none",
    mayBeLess: false,
    workOn: null,
    touches: "schema",
    transactional: true,
    ...more,
  };
}

/** The stronger of two locks. */
export function strongerLock(a: LockMode, b: LockMode): LockMode {
  return lockModes.indexOf(a) >= lockModes.indexOf(b) ? a : b;
}

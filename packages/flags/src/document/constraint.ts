/** The operators of Unleash's client specification. `NUM_*`, `SEMVER_*` and `DATE_*` compare with one value. */
export const constraintOperators = [
  "IN",
  "NOT_IN",
  "STR_STARTS_WITH",
  "STR_ENDS_WITH",
  "STR_CONTAINS",
  "NUM_EQ",
  "NUM_GT",
  "NUM_GTE",
  "NUM_LT",
  "NUM_LTE",
  "DATE_AFTER",
  "DATE_BEFORE",
  "SEMVER_EQ",
  "SEMVER_GT",
  "SEMVER_GTE",
  "SEMVER_LT",
  "SEMVER_LTE",
  "REGEX",
  "IN_CIDR",
] as const;

export type ConstraintOperator = (typeof constraintOperators)[number];

/**
 * A condition on one attribute of the context: true when any of `values` fits.
 *
 * @example
 * { attribute: "country", operator: "IN", values: ["NL", "BE"] }
 */
export interface Constraint {
  /** Name of the context's attribute: `userId`, `plan`; `currentTime` is the clock when the context has none. */
  readonly attribute: string;
  /**
   * One of {@link constraintOperators}. An operator that a reader does not know never matches: a document
   * with a newer one is no reason to miss the kill that it may carry.
   */
  readonly operator: string;
  readonly values: readonly string[];
  /** Left out: false. For the `STR_*` operators and `REGEX`. */
  readonly caseInsensitive?: boolean;
  /** Left out: false. Turns the answer round, but never that of a constraint that cannot be judged. */
  readonly inverted?: boolean;
}

/** A named set of constraints, all of which have to hold, shared by the rules of many flags. */
export interface Segment {
  readonly id: string;
  readonly constraints: readonly Constraint[];
}

import type { Constraint } from "./constraint.ts";
import type { FlagValue } from "./flag-value.ts";

/** One of several values that a flag which is on can have. */
export interface Variant {
  readonly name: string;
  /** Share relative to the sum of the weights: an integer of 0 or more. */
  readonly weight: number;
  /** Left out: the variant is a name only, and the flag's value stays `true`. */
  readonly value?: FlagValue;
  /** Whoever has one of these values gets this variant whatever the weights say. */
  readonly overrides?: readonly { readonly attribute: string; readonly values: readonly string[] }[];
  /** Attribute that the variant sticks to. Left out: the rule's, else the flag's. */
  readonly stickiness?: string;
}

/**
 * One of several ways to be on: all constraints and segments hold, the user is listed (where a list is
 * given), and the bucket is inside the rollout. The first rule that matches decides.
 */
export interface Rule {
  readonly constraints?: readonly Constraint[];
  /** Ids of segments. An id that does not exist never matches. */
  readonly segments?: readonly string[];
  /** Left out: everybody. An empty list: nobody. */
  readonly userIds?: readonly string[];
  /** 0 to 100, an integer. Left out: the flag's own, so that a ramp moves this rule too. */
  readonly rollout?: number;
  /** Left out: the flag's. `random` draws anew on every call: never use it for a release. */
  readonly stickiness?: string;
  /** Left out: the flag's salt. */
  readonly groupId?: string;
  /** Left out or empty: the flag's variants. */
  readonly variants?: readonly Variant[];
}

/** A prerequisite: another flag that has to be on (or off) for the same context. */
export interface Dependency {
  readonly flag: string;
  /** Left out: true, the other flag has to be on. */
  readonly enabled?: boolean;
  /** Left out or empty: any. An empty name stands for "on without a variant". */
  readonly variants?: readonly string[];
}

/** Who gets what while a flag is on. Owned by the runtime. */
export interface Targeting {
  /** Empty: everybody, within the flag's rollout. */
  readonly rules: readonly Rule[];
  readonly variants: readonly Variant[];
  readonly dependencies: readonly Dependency[];
  /** RFC 3339; off before. Null: no limit. */
  readonly activeFrom: string | null;
  /** RFC 3339; off from then on. Null: no limit. */
  readonly activeUntil: string | null;
}

/** What the stack owns of a flag: that it exists, for whom and for how long, and what is safe. */
export interface FlagDeclaration {
  readonly owner: string;
  /** The release that needs the flag: its version. Null: not tied to one. */
  readonly release: string | null;
  /** What a process gets that has never known the flag's state. Its type is the type of the flag. */
  readonly safeValue: FlagValue;
  /** Name of the variant whose value an off or killed flag has. Null: `false`, or `safeValue` when that is no boolean. */
  readonly offVariant: string | null;
  /** RFC 3339. After it the flag is reported as stale; its value does not change. Null: never. */
  readonly expiresAt: string | null;
  /** Salt of the buckets. The key by default; must not change once anybody is on, or the cohort is drawn anew. */
  readonly groupId: string;
  /** Attribute that decides the bucket. `default` is `userId`, else `sessionId`. */
  readonly stickiness: string;
  readonly description?: string;
  /** What the flag starts with when the stack creates it. Left out: off, rollout 0, no targeting. */
  readonly initial?: Partial<Pick<FlagState, "enabled" | "rollout"> & Targeting>;
}

/** What the runtime owns of a flag. `pulumi up` never changes it. */
export interface FlagState extends Targeting {
  /** Off keeps the rollout, so that on again means the same users. */
  readonly enabled: boolean;
  /** Beats everything else until somebody revives the flag. */
  readonly killed: boolean;
  /** 0 to 100, an integer. */
  readonly rollout: number;
  /** Counts the changes of this flag; writers compare and set it. */
  readonly version: number;
  /** A tombstone: the flag left the product and is off. */
  readonly archived: boolean;
}

/** A flag as the environment has it. */
export interface Flag {
  readonly key: string;
  readonly declaration: FlagDeclaration;
  readonly state: FlagState;
}

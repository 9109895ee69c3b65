import { bucketOf, rolloutSalt } from "./bucket.ts";
import type { FlagContext } from "./flag-context.ts";
import type { MurmurState } from "./murmur.ts";
import { type IdOf, idFinder } from "./stickiness.ts";

/** Why a share of users is on or, with a minus in front, why it is not. */
export type Decision = "STATIC" | "RULE" | "SPLIT" | "-SPLIT" | "-NO_STICKINESS";

/**
 * A percentage made ready. It is the state of its salt's hash as well: there is one of these per flag that was
 * asked for, and there may be 10,000 flags.
 */
export class Rollout implements MurmurState {
  readonly hash: number;
  readonly rest: number;
  readonly bits: number;
  readonly length: number;
  readonly #percent: number;
  readonly #everybody: "STATIC" | "RULE";
  /** Null: drawn anew on every call. */
  readonly #idOf: IdOf | null;
  readonly #byDefault: boolean;

  constructor(groupId: string, stickiness: string, percent: number, everybody: "STATIC" | "RULE") {
    const { hash, rest, bits, length } = rolloutSalt(groupId);
    this.hash = hash;
    this.rest = rest;
    this.bits = bits;
    this.length = length;
    this.#percent = percent;
    this.#everybody = everybody;
    this.#idOf = idFinder(stickiness);
    this.#byDefault = stickiness === "default";
  }

  decide(context: FlagContext, random: () => number): Decision {
    const percent = this.#percent;
    if (percent <= 0) return "-SPLIT";
    if (this.#idOf === null) return random() * 100 < percent ? "SPLIT" : "-SPLIT";
    // A named attribute has to be there even at 100 %; by default 100 % is everybody, known or not.
    if (percent >= 100 && this.#byDefault) return this.#everybody;
    const id = this.#idOf(context);
    if (id === null) return "-NO_STICKINESS";
    if (percent >= 100) return this.#everybody;
    return bucketOf(this, id) <= percent ? "SPLIT" : "-SPLIT";
  }
}

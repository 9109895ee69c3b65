import { type MurmurState, murmurFrom, murmurState } from "./murmur.ts";

/** The hash's state after `groupId:`, computed once per rule. */
export const rolloutSalt = (groupId: string): MurmurState => murmurState(`${groupId}:`);

/** Variants have a seed of their own: who is in a rollout says nothing about which variant he gets. */
export const variantSalt = (groupId: string): MurmurState => murmurState(`${groupId}:`, 86_028_157);

/**
 * Unleash's bucket of an id: an integer from 1 to 100. A rollout of n has everybody whose bucket is n or less, so
 * a smaller rollout is always part of a larger one.
 *
 * @example
 * bucketOf(rolloutSalt("new-checkout"), "user-7") <= 10;
 */
export const bucketOf = (salt: MurmurState, id: string): number => (murmurFrom(salt, id) % 100) + 1;

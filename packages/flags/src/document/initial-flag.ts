import type { Flag, FlagDeclaration } from "./flag.ts";

/**
 * The flag that a declaration starts as: what `initial` says, and otherwise off for everybody.
 *
 * @example
 * initialFlag("new-checkout", declaration).state.enabled; // false
 */
export function initialFlag(key: string, declaration: FlagDeclaration): Flag {
  return {
    key,
    declaration,
    state: {
      enabled: false,
      rollout: 0,
      rules: none,
      variants: none,
      dependencies: none,
      activeFrom: null,
      activeUntil: null,
      ...declaration.initial,
      killed: false,
      version: 0,
      archived: false,
    },
  };
}

const none: readonly never[] = Object.freeze([]);

import type { Flag, FlagDeclaration, FlagState } from "../src/document/flag.ts";
import type { FlagDocument } from "../src/document/flag-document.ts";
import { initialFlag } from "../src/document/initial-flag.ts";

/** A flag that is on for everybody, with what is to be different. */
export function makeFlag(
  key: string,
  state: Partial<FlagState> = {},
  declaration: Partial<FlagDeclaration> = {},
): Flag {
  const flag = initialFlag(key, {
    owner: "shop",
    release: null,
    safeValue: false,
    offVariant: null,
    expiresAt: null,
    groupId: key,
    stickiness: "default",
    ...declaration,
  });
  return { ...flag, state: { ...flag.state, enabled: true, rollout: 100, ...state } };
}

export const makeDocument = (flags: readonly Flag[], revision = 1, epoch = "one"): FlagDocument => ({
  epoch,
  revision,
  flags,
  segments: [],
});

import type { FlagView } from "@slipway/flags/store";
import { expect, test } from "vitest";
import { staleFlags } from "./stale-flags.ts";

const now = Date.parse("2027-01-01T00:00:00Z");
const daysAgo = (days: number) => new Date(now - days * 86_400_000).toISOString();

function flag(more: {
  state?: Partial<FlagView["state"]>;
  expiresAt?: string | null;
  killedAt?: string;
  changedAt?: string;
}): FlagView {
  const { state = {}, expiresAt = "2027-06-01T00:00:00Z", killedAt, changedAt = daysAgo(1) } = more;
  return {
    key: "a",
    declaration: {
      owner: "web",
      release: "1.1.0",
      safeValue: false,
      offVariant: null,
      expiresAt,
      groupId: "a",
      stickiness: "default",
    },
    state: {
      enabled: true,
      killed: killedAt !== undefined,
      rollout: 100,
      version: 2,
      archived: false,
      rules: [],
      variants: [],
      dependencies: [],
      activeFrom: null,
      activeUntil: null,
      ...state,
    },
    kill: killedAt === undefined ? null : { at: killedAt, by: "ann", reason: null },
    exposedAt: null,
    archivedAt: null,
    changedAt,
    revision: 1,
  };
}

const reasons = (one: FlagView, unreferenced: readonly string[] | null = null) =>
  staleFlags([one], { now, days: 30, unreferenced }).flatMap((stale) => stale.reasons);

test("a flag is stale from the moment of its end, and the end is told as its last day", () => {
  expect(reasons(flag({ expiresAt: "2027-01-01T00:00:00Z" }))).toEqual(["expired on 2026-12-31"]);
  expect(reasons(flag({ expiresAt: "2027-01-01T00:00:01Z" }))).toEqual([]);
});

test("on for everybody for long is stale, for a share, or with rules, or freshly, or without an end it is not", () => {
  expect(reasons(flag({ changedAt: daysAgo(30) }))).toEqual(["on for everybody for 30 days"]);
  for (const kept of [
    flag({ changedAt: daysAgo(29) }),
    flag({ changedAt: daysAgo(99), state: { rollout: 99 } }),
    flag({ changedAt: daysAgo(99), state: { enabled: false } }),
    flag({ changedAt: daysAgo(99), state: { rules: [{ userIds: ["1"] }] } }),
    flag({ changedAt: daysAgo(99), expiresAt: null }),
  ])
    expect(reasons(kept)).toEqual([]);
});

test("killed for long is stale, also for a lasting kill switch; archived ones are nobody's work any more", () => {
  expect(reasons(flag({ killedAt: daysAgo(31), expiresAt: null }))).toEqual(["killed for 31 days"]);
  expect(reasons(flag({ killedAt: daysAgo(2) }))).toEqual([]);
  expect(reasons(flag({ killedAt: daysAgo(99), state: { archived: true } }))).toEqual([]);
});

test("a flag that no source names is stale where somebody looked", () => {
  expect(reasons(flag({}), ["a"])).toEqual(["no source names it"]);
  expect(reasons(flag({}), ["b"])).toEqual([]);
});

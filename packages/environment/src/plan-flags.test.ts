import type { Flag } from "@slipway/flags";
import type { ReleaseFlag } from "@slipway/release";
import { expect, test } from "vitest";
import { declarationOf, planFlags } from "./plan-flags.ts";

const released = (key: string, more: Partial<ReleaseFlag> = {}): ReleaseFlag => ({
  key,
  description: "what it does",
  owner: "web",
  release: "1.1.0",
  safe: false,
  expires: "2026-12-31",
  salt: key,
  ...more,
});
const state = {
  enabled: true,
  killed: false,
  rollout: 50,
  version: 7,
  archived: false,
  rules: [],
  variants: [],
  dependencies: [],
  activeFrom: null,
  activeUntil: null,
};
const known = (flag: ReleaseFlag, more: Partial<Flag["state"]> = {}): Flag => ({
  key: flag.key,
  declaration: declarationOf(flag),
  state: { ...state, ...more },
});

test("a flag that the ledger lacks is declared, one that the pin lacks is archived, the others stay", () => {
  expect(planFlags([released("a"), released("b")], [known(released("b")), known(released("c"))])).toEqual({
    declare: ["a"],
    archive: ["c"],
  });
});

test("state is not the pin's: killed, off and half on are no difference", () => {
  for (const found of [{ killed: true }, { enabled: false }, { rollout: 3, version: 99 }])
    expect(planFlags([released("a")], [known(released("a"), found)])).toEqual({ declare: [], archive: [] });
});

test("another owner, end or release declares it anew; an archived one comes back, and is not archived twice", () => {
  for (const change of [{ owner: "shop" }, { expires: null }, { release: "1.0.0" }, { description: "x" }])
    expect(planFlags([released("a", change)], [known(released("a"))]).declare).toEqual(["a"]);
  const archived = [known(released("a"), { archived: true })];
  expect(planFlags([released("a")], archived)).toEqual({ declare: ["a"], archive: [] });
  expect(planFlags([], archived)).toEqual({ declare: [], archive: [] });
});

test("a flag that is safe on begins as on for everybody, any other as off for everybody; the last day counts", () => {
  expect(declarationOf(released("a", { safe: true })).initial).toEqual({ enabled: true, rollout: 100 });
  expect(declarationOf(released("a")).initial).toEqual({ enabled: false, rollout: 0 });
  expect(declarationOf(released("a")).expiresAt).toBe("2027-01-01T00:00:00.000Z");
});

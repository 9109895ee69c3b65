import { expect, test } from "vitest";
import { replaces } from "./flag-revision.ts";
import { parseDeclaration } from "./parse-declaration.ts";
import { parseFlagDocument } from "./parse-flag-document.ts";

const flag = {
  key: "new-checkout",
  declaration: { owner: "shop", release: "1.2.0", safeValue: false, expiresAt: "2027-01-31T00:00:00Z" },
  state: { enabled: true, killed: false, rollout: 10, version: 3, archived: false },
};
const document = { epoch: "e1", revision: 7, flags: [flag], segments: [] };

test("a document gets its defaults: the key is the salt, no rules, no dates", () => {
  expect(parseFlagDocument(structuredClone(document)).flags[0]).toEqual({
    key: "new-checkout",
    declaration: {
      owner: "shop",
      release: "1.2.0",
      safeValue: false,
      offVariant: null,
      expiresAt: "2027-01-31T00:00:00Z",
      groupId: "new-checkout",
      stickiness: "default",
    },
    state: {
      enabled: true,
      killed: false,
      rollout: 10,
      version: 3,
      archived: false,
      rules: [],
      variants: [],
      dependencies: [],
      activeFrom: null,
      activeUntil: null,
    },
  });
});

test("a parsed document is parsed to itself, and unknown keys and operators are let through", () => {
  const rules = [{ constraints: [{ attribute: "plan", operator: "FUTURE", values: ["x"] }], rollout: 5 }];
  const rich = {
    ...document,
    later: 1,
    flags: [{ ...flag, state: { ...flag.state, rules, dependencies: [{ flag: "other" }], later: {} } }],
  };
  const parsed = parseFlagDocument(rich);
  expect(parsed.flags[0]?.state.rules).toEqual(rules);
  expect(parseFlagDocument(JSON.parse(JSON.stringify(parsed)))).toEqual(parsed);
});

test.each([
  ["no object", "<html>", 'document must be an object, not "<html>"'],
  ["a list", [], "document must be an object, not a list"],
  ["no epoch", { ...document, epoch: undefined }, "epoch must be a text, not absent"],
  [
    "a negative revision",
    { ...document, revision: -1 },
    "revision must be an integer from 0 to 9007199254740991, not -1",
  ],
  ["no flags", { ...document, flags: null }, "flags must be a list, not null"],
  [
    "the same flag twice",
    { ...document, flags: [flag, flag] },
    'flag "new-checkout" must be there once, not "twice"',
  ],
  [
    "a rollout of 10.5",
    { ...document, flags: [{ ...flag, state: { ...flag.state, rollout: 10.5 } }] },
    "flags[0].state.rollout must be an integer from 0 to 100, not 10.5",
  ],
  [
    "a killed that is a text",
    { ...document, flags: [{ ...flag, state: { ...flag.state, killed: "false" } }] },
    'flags[0].state.killed must be true or false, not "false"',
  ],
  [
    "a date that is none",
    { ...document, flags: [{ ...flag, state: { ...flag.state, activeFrom: "soon" } }] },
    'flags[0].state.activeFrom must be a moment like 2027-01-31T12:00:00Z, not "soon"',
  ],
])("a document with %s is refused with the path", (_, input, message) => {
  expect(() => parseFlagDocument(input)).toThrow(message);
});

test("a declaration cannot be random, and says only the initial state it was given", () => {
  expect(() => parseDeclaration("a", { owner: "shop", stickiness: "random" })).toThrow(
    "a.stickiness must be an attribute",
  );
  expect(parseDeclaration("a", { owner: "shop", initial: { enabled: true, rules: [] } }).initial).toEqual({
    enabled: true,
    rules: [],
  });
});

test("a higher revision or another epoch replaces what is held, an older or equal revision does not", () => {
  const held = { epoch: "a", revision: 5 };
  expect(replaces({ epoch: "a", revision: 6 }, held)).toBe(true);
  expect(replaces({ epoch: "a", revision: 5 }, held)).toBe(false);
  expect(replaces({ epoch: "a", revision: 4 }, held)).toBe(false);
  expect(replaces({ epoch: "b", revision: 1 }, held)).toBe(true);
  expect(replaces({ epoch: "a", revision: 0 }, null)).toBe(true);
});

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { makeDocument, makeFlag } from "../../testing/make-flag.ts";
import type { FlagState } from "../document/flag.ts";
import type { FlagContext } from "./flag-context.ts";
import { type EvaluationPorts, FlagSet } from "./flag-set.ts";

const evaluate = (state: Partial<FlagState>, context: FlagContext = {}, ports: EvaluationPorts = {}) =>
  new FlagSet(makeDocument([makeFlag("f", state)]), ports).evaluate("f", context);

describe("what comes first", () => {
  const all = { killed: true, archived: true, enabled: false, activeUntil: "2020-01-01T00:00:00Z" };

  test("killed beats everything, then a tombstone, then off, then the dates", () => {
    expect(evaluate(all)).toMatchObject({ on: false, value: false, reason: "KILLED", errorCode: null });
    expect(evaluate({ ...all, killed: false })?.reason).toBe("ARCHIVED");
    expect(evaluate({ ...all, killed: false, archived: false })?.reason).toBe("OFF");
    expect(evaluate({ activeUntil: all.activeUntil })?.reason).toBe("NOT_ACTIVE");
    expect(evaluate({})).toMatchObject({ on: true, value: true, reason: "STATIC" });
  });

  test("off keeps the rollout: on again means the same users", () => {
    const users = (state: Partial<FlagState>) =>
      Array.from({ length: 500 }, (_, id) => evaluate({ rollout: 30, ...state }, { userId: `u${id}` })?.on);
    const before = users({});
    expect(users({ enabled: false })).not.toContain(true);
    expect(users({ killed: true })).not.toContain(true);
    expect(users({})).toEqual(before);
    expect(before.filter(Boolean).length).toBeGreaterThan(100);
  });

  test("an off flag has the value of its off variant; without one false, or its safe value when that is no boolean", () => {
    const variants = [
      { name: "fast", weight: 1, value: "v2" },
      { name: "slow", weight: 0, value: "v1" },
    ];
    const off = (offVariant: string | null, safeValue: string | boolean) =>
      new FlagSet(
        makeDocument([makeFlag("f", { killed: true, variants }, { offVariant, safeValue })]),
      ).evaluate("f", {})?.value;
    expect(off("slow", "safe")).toBe("v1");
    expect(off(null, "safe")).toBe("safe");
    expect(off(null, true)).toBe(false);
  });
});

describe("rollout", () => {
  test("is monotone: whoever is in at a smaller percentage is in at a larger one", () => {
    const percent = fc.integer({ min: 0, max: 100 });
    fc.assert(
      fc.property(
        fc.string({ unit: "binary", minLength: 1, maxLength: 16 }),
        percent,
        percent,
        (userId, a, b) => {
          const smaller = evaluate({ rollout: Math.min(a, b) }, { userId })?.on;
          const larger = evaluate({ rollout: Math.max(a, b) }, { userId })?.on;
          expect(!smaller || larger).toBe(true);
        },
      ),
    );
  }, 60_000);

  test("0 is nobody and 100 is everybody, with an id or without", () => {
    expect(evaluate({ rollout: 0 }, { userId: "u" })).toMatchObject({ on: false, reason: "SPLIT" });
    expect(evaluate({ rollout: 100 })).toMatchObject({ on: true, reason: "STATIC" });
  });

  test("a percentage without an id to decide by is off, always, and says so", () => {
    for (const context of [{}, { userId: "" }, { userId: null as never }, { userId: {} as never }]) {
      expect(evaluate({ rollout: 99 }, context)).toMatchObject({ on: false, reason: "NO_STICKINESS" });
    }
  });

  test("a salt of its own keeps the cohort under another key, and gives two flags the same one", () => {
    const users = (key: string) => {
      const set = new FlagSet(makeDocument([makeFlag(key, { rollout: 50 }, { groupId: "checkout" })]));
      return Array.from({ length: 200 }, (_, id) => set.evaluate(key, { userId: `u${id}` })?.on);
    };
    expect(users("renamed")).toEqual(users("original"));
  });

  test("a number as an id is the same as its text", () => {
    for (let id = 0; id < 100; id += 1) {
      expect(evaluate({ rollout: 50 }, { userId: id })?.on).toBe(
        evaluate({ rollout: 50 }, { userId: String(id) })?.on,
      );
    }
  });

  test("random stickiness asks the dice of its port every time", () => {
    const dice = [0.1, 0.9];
    const ports = { random: () => dice.shift()! };
    const set = new FlagSet(
      makeDocument([makeFlag("f", { rules: [{ rollout: 50, stickiness: "random" }] })]),
      ports,
    );
    expect([set.evaluate("f", {})?.on, set.evaluate("f", {})?.on]).toEqual([true, false]);
  });

  test("a rule without a rollout of its own is moved by the flag's", () => {
    const rules = [
      { userIds: ["tester"], rollout: 100 },
      { constraints: [{ attribute: "plan", operator: "IN", values: ["pro"] }] },
    ];
    expect(evaluate({ rules, rollout: 0 }, { userId: "tester" })).toMatchObject({ on: true, reason: "RULE" });
    expect(evaluate({ rules, rollout: 0 }, { userId: "u", plan: "pro" })?.on).toBe(false);
    expect(evaluate({ rules, rollout: 100 }, { userId: "u", plan: "pro" })?.on).toBe(true);
    expect(evaluate({ rules, rollout: 100 }, { userId: "u", plan: "free" })).toMatchObject({
      on: false,
      reason: "NO_MATCH",
    });
  });
});

describe("dates", () => {
  const active = { activeFrom: "2027-01-01T00:00:00Z", activeUntil: "2027-02-01T00:00:00+01:00" };
  test.each([
    ["2026-12-31T23:59:59.999Z", false],
    ["2027-01-01T00:00:00Z", true],
    ["2027-01-31T22:59:59.999Z", true],
    ["2027-01-31T23:00:00Z", false],
  ])("at %s a flag for January is %s", (at, on) => {
    expect(evaluate(active, {}, { now: () => Date.parse(at) })?.on).toBe(on);
  });
});

describe("prerequisites", () => {
  const set = (parent: Partial<FlagState>, dependency: object = {}) =>
    new FlagSet(
      makeDocument([
        makeFlag("parent", parent),
        makeFlag("child", { dependencies: [{ flag: "parent", ...dependency }] }),
      ]),
    ).evaluate("child", { userId: "u" });

  test("a killed prerequisite takes its children with it", () => {
    expect(set({})?.on).toBe(true);
    expect(set({ killed: true })).toMatchObject({ on: false, reason: "PREREQUISITE" });
  });

  test("a child can wait for a flag to be off, or for one of its variants", () => {
    const variants = [{ name: "a", weight: 1 }];
    expect(set({ enabled: false }, { enabled: false })?.on).toBe(true);
    expect(set({ variants }, { variants: ["a"] })?.on).toBe(true);
    expect(set({ variants }, { variants: ["b"] })?.on).toBe(false);
    expect(set({}, { variants: [""] })?.on).toBe(true);
  });

  test("circles end", () => {
    const circle = makeDocument([
      makeFlag("a", { dependencies: [{ flag: "b" }] }),
      makeFlag("b", { dependencies: [{ flag: "a" }] }),
      makeFlag("c", { dependencies: [{ flag: "c" }] }),
    ]);
    for (const key of ["a", "b", "c"])
      expect(new FlagSet(circle).evaluate(key, {})?.reason).toBe("PREREQUISITE");
  });
});

describe("it never throws", () => {
  const rules = [
    { constraints: [{ attribute: "x", operator: "STR_CONTAINS", values: ["y"], caseInsensitive: true }] },
    { constraints: [{ attribute: "v", operator: "SEMVER_GT", values: ["1.0.0"] }] },
    { constraints: [{ attribute: "a", operator: "IN_CIDR", values: ["10.0.0.0/8", "::/0"] }] },
    { constraints: [{ attribute: "d", operator: "DATE_AFTER", values: ["2027-01-01T00:00:00Z"] }] },
    { constraints: [{ attribute: "n", operator: "NUM_LTE", values: ["3"] }], rollout: 50 },
    { constraints: [{ attribute: "r", operator: "REGEX", values: ["^(a|b)c*$"] }], stickiness: "s" },
  ];

  test("whatever is in the context", () => {
    const set = new FlagSet(makeDocument([makeFlag("f", { rules, rollout: 50 })]));
    const context = fc.dictionary(
      fc.constantFrom("x", "v", "a", "d", "n", "r", "s", "userId"),
      fc.anything(),
    );
    fc.assert(
      fc.property(context, (found) => {
        expect(typeof set.evaluate("f", found)?.on).toBe("boolean");
      }),
    );
    for (const odd of [null, undefined, 7 as never, "text" as never, [] as never]) {
      expect(typeof set.evaluate("f", odd)?.on).toBe("boolean");
    }
  }, 60_000);

  test("a context that throws when it is read gets the declared safe value and an error code", () => {
    const trap = new Proxy(
      {},
      {
        get: () => {
          throw new Error("trap");
        },
      },
    );
    const set = new FlagSet(makeDocument([makeFlag("f", { rollout: 50 }, { safeValue: true })]));
    expect(set.evaluate("f", trap)).toMatchObject({ value: true, reason: "ERROR", errorCode: "GENERAL" });
  });

  test("names of Object's own are no attributes and no flags", () => {
    const set = new FlagSet(makeDocument([makeFlag("f", { rules: [{ stickiness: "constructor" }] })]));
    expect(set.evaluate("f", {})).toMatchObject({ on: false, reason: "NO_STICKINESS" });
    expect(set.evaluate("constructor", {})).toBeUndefined();
    expect(set.evaluate("__proto__", {})).toBeUndefined();
  });
});

test("results are shared and frozen: asking again allocates none", () => {
  const set = new FlagSet(
    makeDocument([makeFlag("f", { rollout: 50 }), makeFlag("g", { variants: [{ name: "a", weight: 1 }] })]),
  );
  for (const key of ["f", "g"]) {
    expect(set.evaluate(key, { userId: "u1" })).toBe(set.evaluate(key, { userId: "u1" }));
    expect(Object.isFrozen(set.evaluate(key, { userId: "u1" }))).toBe(true);
  }
});

test("an operator from the future never matches, inverted or not", () => {
  for (const inverted of [true, false]) {
    const rules = [{ constraints: [{ attribute: "x", operator: "GEO_WITHIN", values: ["NL"], inverted }] }];
    expect(evaluate({ rules }, { x: "NL" })?.on).toBe(false);
  }
});

import { expect, test } from "vitest";
import { importUnleash } from "./import-unleash.ts";

test("one plain percentage becomes the flag's own rollout, salt and stickiness", () => {
  const strategies = [
    { name: "flexibleRollout", parameters: { rollout: "25", stickiness: "sessionId", groupId: "salt" } },
  ];
  const { declarations, notes } = importUnleash(
    { version: 2, features: [{ name: "a", description: "text", enabled: true, strategies }] },
    { owner: "shop", release: "1.2.0" },
  );
  expect(notes).toEqual([]);
  expect(declarations.a).toMatchObject({
    owner: "shop",
    release: "1.2.0",
    description: "text",
    groupId: "salt",
    stickiness: "sessionId",
    initial: { enabled: true, rollout: 25, rules: [] },
  });
});

test("an environment's export is put together from its tables, disabled strategies left out", () => {
  const { declarations, segments, notes } = importUnleash(
    {
      features: [{ name: "a" }, { name: "b" }],
      featureStrategies: [
        { featureName: "a", name: "default", sortOrder: 2, segments: [7] },
        { featureName: "a", name: "userWithId", parameters: { userIds: " x , y,," }, sortOrder: 1 },
        { featureName: "b", name: "default", disabled: true },
      ],
      featureEnvironments: [{ featureName: "a", enabled: true, environment: "production" }],
      dependencies: [
        { feature: "b", dependencies: [{ feature: "a", enabled: true, variants: ["disabled", "v"] }] },
      ],
      segments: [{ id: 7, name: "staff" }],
    },
    { owner: "shop" },
  );
  expect(declarations.a?.initial).toMatchObject({
    enabled: true,
    rules: [
      { userIds: ["x", "y"], rollout: 100 },
      { rollout: 100, segments: ["7"] },
    ],
  });
  expect(declarations.b?.initial).toMatchObject({
    enabled: false,
    rules: [],
    dependencies: [{ flag: "a", variants: ["", "v"] }],
  });
  expect(segments.map(({ id }) => id)).toEqual(["7"]);
  expect(notes).toEqual([
    "Segment 7 (staff) is exported without its constraints: it has nobody in it",
    "b: all its strategies are disabled: it starts off",
  ]);
});

test("a percentage without a salt gets the key's, which draws its users anew, and is said", () => {
  const strategies = [{ name: "gradualRolloutUserId", parameters: { percentage: "10" } }];
  const { declarations, notes } = importUnleash(
    { features: [{ name: "a", enabled: true, strategies }] },
    { owner: "shop" },
  );
  expect(declarations.a).toMatchObject({ groupId: "a", stickiness: "userId", initial: { rollout: 10 } });
  expect(notes).toEqual(["a.strategies[0]: has no groupId: its users are drawn anew, by the flag's key"]);
});

test("a custom strategy is for nobody, and said", () => {
  const { declarations, notes } = importUnleash(
    {
      features: [
        { name: "a", enabled: true, strategies: [{ name: "byMoonPhase", parameters: { phase: "full" } }] },
      ],
    },
    { owner: "shop" },
  );
  expect(declarations.a?.initial?.rules).toEqual([{ userIds: [] }]);
  expect(notes).toEqual(['a.strategies[0]: the custom strategy "byMoonPhase" became a rule for nobody']);
});

test.each([
  [{}, "features must be a list, not absent"],
  ["text", 'export must be an object, not "text"'],
  [{ features: [{}] }, "features[0].name must be a text, not absent"],
  [{ features: [{ name: "a", strategies: [{}] }] }, "a.strategies[0].name must be a text, not absent"],
])("%j is refused: %s", (input, message) => {
  expect(() => importUnleash(input, { owner: "shop" })).toThrow(message);
});

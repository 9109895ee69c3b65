import { expect, test } from "vitest";
import { environmentName } from "./environment-name.ts";

test("the word goes before the variable, the variable before dev", () => {
  expect(environmentName({}, {})).toBe("dev");
  expect(environmentName({ SLIPWAY_ENV: "" }, {})).toBe("dev");
  expect(environmentName({ SLIPWAY_ENV: "staging" }, {})).toBe("staging");
  expect(environmentName({ SLIPWAY_ENV: "staging" }, { env: "production" })).toBe("production");
  expect(environmentName({ SLIPWAY_ENV: "staging" }, {}, "production")).toBe("production");
});

test("word and flag may say the same, and may not differ", () => {
  expect(environmentName({}, { env: "staging" }, "staging")).toBe("staging");
  expect(() => environmentName({}, { env: "staging" }, "production")).toThrow(
    expect.objectContaining({
      code: "USAGE",
      why: 'the command names "production", and --env names "staging"',
    }),
  );
});

test("an empty name is refused: a script's variable was not set", () => {
  expect(() => environmentName({}, { env: "" })).toThrow(expect.objectContaining({ code: "USAGE" }));
  expect(() => environmentName({ SLIPWAY_ENV: "staging" }, {}, "")).toThrow(/its name is empty/);
});

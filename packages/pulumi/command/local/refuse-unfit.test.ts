import { expect, test } from "vitest";
import { refuseUnfit } from "./refuse-unfit.ts";

const long = "hunter22".repeat(20_000);

test.each([
  [
    "a command that is too long",
    [`# ${long}`],
    {},
    "Cannot run a command of 160002 bytes: the system takes 131071",
  ],
  ["a command with a zero character", ["true\0"], {}, "Cannot run a command that holds a zero character"],
  [
    "a variable that is too long",
    ["true"],
    { BIG: long },
    "Cannot set BIG to 160004 bytes: the system takes 131071",
  ],
  [
    "a variable with a zero character",
    ["true"],
    { ZERO: "hunter22\0" },
    "Cannot set ZERO: it holds a zero character",
  ],
])("%s is refused by name, without its value", (_what, argv, variables, message) => {
  expect(() => refuseUnfit(argv, variables)).toThrow(message);
  expect(() => refuseUnfit(argv, variables)).not.toThrow("hunter22");
});

test("what just fits passes", () => {
  const value = "x".repeat(131_071 - "A=".length);
  expect(() => refuseUnfit(["/bin/sh", "-c", "x".repeat(131_071)], { A: value })).not.toThrow();
});

import { expect, test } from "vitest";
import { ambientEnvironment, commandVariables } from "./child-environment.ts";

test("the stack's passphrase is kept from children, and nothing else is", () => {
  const ambient = {
    PATH: "/bin",
    PULUMI_CONFIG_PASSPHRASE: "p",
    PULUMI_CONFIG_PASSPHRASE_FILE: "f",
    PULUMI_STACK: "s",
  };
  expect(ambientEnvironment(ambient)).toEqual({ PATH: "/bin", PULUMI_STACK: "s" });
});

test("output of the last run is passed on, unless it is empty", () => {
  expect(commandVariables({ A: "1" }, { stdout: "out", stderr: "" })).toEqual({
    variables: { A: "1", PULUMI_COMMAND_STDOUT: "out" },
    tooLong: [],
  });
  expect(commandVariables({ A: "1" }, undefined).variables).toEqual({ A: "1" });
});

test("output that the system would not take is left out and named", () => {
  const fits = "x".repeat(131_071 - "PULUMI_COMMAND_STDOUT=".length);
  expect(commandVariables({}, { stdout: fits, stderr: "" }).tooLong).toEqual([]);
  expect(commandVariables({}, { stdout: `${fits}x`, stderr: "e" })).toEqual({
    variables: { PULUMI_COMMAND_STDERR: "e" },
    tooLong: ["PULUMI_COMMAND_STDOUT"],
  });
});

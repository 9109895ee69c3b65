import { expect, test } from "vitest";
import { cancel, selectStack, stackOutput, up } from "./pulumi-commands.ts";

test("every command names its stack, asks nothing, and keeps values in words of their own", () => {
  const stack = "prod; rm -rf /";
  expect(up(stack)).toEqual([
    "up",
    "--stack",
    stack,
    "--yes",
    "--skip-preview",
    "--non-interactive",
    "--json",
  ]);
  expect(selectStack(stack)).toEqual(["stack", "select", "--create", stack, "--non-interactive"]);
  expect(cancel(stack)).toEqual(["cancel", "--stack", stack, "--yes", "--non-interactive"]);
  expect(stackOutput(stack, "auditHead")).toEqual([
    "stack",
    "output",
    "auditHead",
    "--stack",
    stack,
    "--non-interactive",
  ]);
});

import { readdirSync } from "node:fs";
import { type Application, type CommandContext, generateHelpTextForAllCommands } from "@stricli/core";
import { expect, test } from "vitest";
import { expectGolden, goldenFolder } from "../testing/expect-golden.ts";
import { fakeCli } from "../testing/fake-cli.ts";
import { application, loadRoutes } from "./app.ts";
import { usageText } from "./usage-text.ts";

const product = application(
  await loadRoutes([]),
  usageText("").text,
) as unknown as Application<CommandContext>;
const commands = generateHelpTextForAllCommands(product).map(
  ([route, help]) => [route.replace(/^slipway /, ""), help] as const,
);
const fileOf = (command: string) => `${command.replaceAll(" ", "-")}.txt`;

test.each(commands)("the help of %s is as in its golden file, and has examples", (command, help) => {
  expectGolden(`help/${fileOf(command)}`, help);
  expect(help).toMatch(/^Examples?:\n {2}\S/m);
});

test("the help of the command line itself is as in its golden file", async () => {
  const { stdout, code } = await fakeCli(["--help"]);
  expectGolden("help/slipway.txt", stdout);
  expect(code).toBe(0);
  expect((await fakeCli([])).stdout).toBe(stdout);
});

test("no line of any help is wider than 100 columns", async () => {
  const all = [...commands.map(([, help]) => help), (await fakeCli(["--help"])).stdout].join("\n");
  expect(all.split("\n").filter((line) => line.length > 100)).toEqual([]);
});

test("there is a golden file for every command, and for no other", () => {
  const wanted = ["slipway.txt", ...commands.map(([command]) => fileOf(command))];
  expect(readdirSync(`${goldenFolder}/help`).sort()).toEqual(wanted.sort());
});

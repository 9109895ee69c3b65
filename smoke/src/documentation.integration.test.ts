import { execFile, spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { denoBinary } from "../testing/deno-binary.ts";
import { checkSuite } from "./schema/check-suite.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const page = readFileSync(join(root, "packages/docs/smoke.md"), "utf8");

/** The rows of the feature table: number, our column, and the command with its exit code. */
const rows = [...page.matchAll(/^\| +(\d+) +\|.*\| +([^|]+?) +\| +`([^`]+)`(?: (\d+))? +\|$/gm)].map(
  ([, number, ours, command, code]) => ({ number: Number(number), ours, command: command!, code }),
);

test("the table has all 32 features, and ours are all there", () => {
  expect(rows.map(({ number }) => number)).toEqual(Array.from({ length: 32 }, (_, at) => at + 1));
  expect(rows.filter(({ ours, number }) => ours !== "Y" && number !== 32)).toEqual([]);
});

test.each(rows.filter(({ command }) => command.includes("vitest")))(
  "$command names tests that exist",
  ({ command }) => {
    expect(existsSync(join(root, dirname(command.split(" ").at(-1)!)))).toBe(true);
  },
);

describe("beside the example service", () => {
  const service = spawn(process.execPath, [join(root, "smoke/examples/service.mjs"), "0"]);
  let url: string;

  beforeAll(async () => {
    url = await new Promise((resolve) =>
      service.stdout.once("data", (data: Buffer) => resolve(data.toString().trim())),
    );
  });
  afterAll(() => {
    service.kill();
  });

  test.each(rows.filter(({ code }) => code !== undefined))(
    "$number: $command ends with $code",
    async ({ command, code }) => {
      const own = `"${process.execPath}" "${join(root, "smoke/node.ts")}"`;
      const path = [dirname(process.execPath), dirname(denoBinary()), process.env.PATH].join(delimiter);
      const env = {
        PATH: path,
        HOME: process.env.HOME ?? "",
        SHOP_URL: url,
        SHOP_TOKEN: "not-a-real-token-0123456789",
      };
      const outcome = await new Promise<{ code: unknown; text: string }>((resolve) => {
        execFile(
          "sh",
          ["-c", command.replaceAll("npx slipway-smoke", own)],
          { cwd: root, env },
          (error, stdout, stderr) => resolve({ code: error?.code ?? 0, text: stdout + stderr }),
        );
      });
      expect(outcome, outcome.text).toMatchObject({ code: Number(code) });
      expect(outcome.text).not.toContain(env.SHOP_TOKEN);
    },
  );
});

test("the suites that the page shows are suites", async () => {
  const { parse } = await import("yaml");
  const suites = [...page.matchAll(/^```yaml\n(.*?)^```$/gms)]
    .map(([, text]) => text!)
    .filter((text) => /^checks:/m.test(text));
  expect(suites.length).toBeGreaterThanOrEqual(2);
  for (const text of suites) expect(checkSuite(parse(text), "smoke.md")).toBeDefined();
});

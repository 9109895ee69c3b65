import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { byHand, featureProject } from "../../testing/feature-project.ts";
import type { ScratchProject } from "../../testing/scratch-project.ts";

const root = new URL("../../../../", import.meta.url);
const page = readFileSync(new URL("packages/docs/migrations.md", root), "utf8");

/** The cells of each line of a table, which is known by its header's first cells. */
function tableOf(...header: string[]): string[][] {
  const lines = page.split("\n");
  const start = lines.findIndex((line) => cellsOf(line).slice(0, header.length).join() === header.join());
  const end = lines.findIndex((line, index) => index > start && !line.startsWith("|"));
  return lines.slice(start + 2, end === -1 ? undefined : end).map(cellsOf);
}
const cellsOf = (line: string) =>
  line
    .split("|")
    .slice(1, -1)
    .map((cell) => cell.trim());
const unquoted = (cell = "") => (/^`.*`$/.test(cell) ? cell.slice(1, -1) : null);

const features = tableOf("#", "feature");
const lines = tableOf("#", "line").map(([number = "", line = "", exit = "", says = ""]) => ({
  number,
  line,
  command: unquoted(line),
  exit,
  says: unquoted(says),
}));

test("every feature has a number, all 13 peers, and a line that shows it; what is not a yes is explained", () => {
  expect(features.map(([number]) => number)).toEqual(Array.from({ length: 22 }, (_, at) => String(at + 1)));
  for (const cells of features) expect(cells).toHaveLength(16);
  const shown = new Set(lines.map(({ number }) => number));
  expect(features.filter(([number = ""]) => !shown.has(number))).toEqual([]);
  const partly = features.filter((cells) => cells.at(-1) !== "Y");
  for (const [number] of partly) expect(page).toMatch(new RegExp(`^- ${number}: `, "m"));
});

test.each(lines.filter(({ command }) => command?.startsWith("npx vitest")))(
  "$command is a test",
  ({ command }) => {
    expect(existsSync(fileURLToPath(new URL(command!.split(" ").at(-1)!, root)))).toBe(true);
  },
);

describe("in a project", () => {
  let project: ScratchProject;
  beforeAll(async () => {
    project = await featureProject();
  });
  afterAll(() => project?.remove());

  test.each(lines.filter(({ command }) => !command?.startsWith("npx vitest")))(
    "$number $line",
    async ({ line, command, exit, says }) => {
      if (command === null) {
        expect(Object.keys(byHand)).toContain(line);
        await byHand[line]?.(project);
        return;
      }
      const { code, stdout, stderr } = await project.sh(command);
      expect(`${stdout}${stderr}`).toContain(says);
      expect(code, `${stdout}${stderr}`).toBe(Number(exit));
    },
  );
});

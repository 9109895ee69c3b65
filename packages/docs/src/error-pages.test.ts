import { type ErrorCode, errorCodes } from "@slipway/kernel";
import { expect, test } from "vitest";
import { filesBelow, readFromRoot } from "./repository.ts";

const codes = Object.keys(errorCodes).sort() as ErrorCode[];
const folder = "packages/docs/errors";

test("there is a page for every code and a code for every page", () => {
  const pages = filesBelow(folder, ".md").map((file) => file.slice(folder.length + 1, -".md".length));
  expect(pages).toEqual(codes);
});

test.each(codes)(
  "the page of %s has one sentence of meaning and the fixed sections, with something in each",
  (code) => {
    const [head = "", ...sections] = readFromRoot(`${folder}/${code}.md`).split(/^## /m);
    expect(head).toMatch(new RegExp(`^# ${code}\n\n[A-Z\`][^#]*\\.\n\n$`));
    const titles = ["Why it happens", "What to do", "What was changed"];
    expect(sections.map((section) => section.split("\n", 1)[0])).toEqual(titles);
    for (const section of sections) expect(section).toMatch(/^.*\n\n\S/);
  },
);

test.each(codes)("the page of %s names between two and four reasons", (code) => {
  const why = readFromRoot(`${folder}/${code}.md`).split("## Why it happens")[1]?.split("\n## ")[0] ?? "";
  const reasons = why.match(/^- /gm)?.length ?? 0;
  expect(reasons).toBeGreaterThanOrEqual(2);
  expect(reasons).toBeLessThanOrEqual(4);
});

test.each(codes)("the exit code on the page of %s is the one the command ends with", (code) => {
  const changed = readFromRoot(`${folder}/${code}.md`).split("## What was changed\n")[1] ?? "";
  const first = Number(/Exit code (\d+)/.exec(changed)?.[1]);
  expect(first).toBe(exitCodeOf(code));
  if (errorCodes[code].refusal) expect(changed.trim()).toMatch(/^Nothing\b/);
});

// As the command line's reportError has it: a refusal changed nothing, everything else failed.
function exitCodeOf(code: ErrorCode): number {
  if (code === "USAGE") return 64;
  return errorCodes[code].refusal ? 2 : 1;
}

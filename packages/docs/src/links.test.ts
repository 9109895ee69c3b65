import { basename, dirname, join, normalize } from "node:path";
import { expect, test } from "vitest";
import { anchorsOf, codeOf, relativeLinks } from "./markdown.ts";
import { existsInRoot, filesBelow, readFromRoot } from "./repository.ts";

const pages = filesBelow(".", ".md");

test("there are pages to look at", () => {
  expect(pages).toContain("README.md");
  expect(pages).toContain("packages/docs/glossary.md");
});

test.each(pages)("every relative link of %s leads somewhere", (page) => {
  const broken = relativeLinks(readFromRoot(page)).flatMap(({ target, line }) => {
    const [path = "", anchor] = target.split("#", 2);
    const file = path === "" ? page : normalize(join(dirname(page), path));
    if (!existsInRoot(file)) return [`line ${line}: ${target} does not exist`];
    if (anchor === undefined || !file.endsWith(".md")) return [];
    return anchorsOf(readFromRoot(file)).has(anchor) ? [] : [`line ${line}: ${target} has no such heading`];
  });
  expect(broken).toEqual([]);
});

const verbs = verbsOf(filesBelow("packages/cli/golden/help", ".txt").map((file) => basename(file)));

test("the verbs of the command line are found among its help pages", () => {
  expect([...verbs.keys()]).toEqual(expect.arrayContaining(["up", "rollback", "status", "cut", "pin"]));
  expect(verbs.get("audit")).toEqual(expect.arrayContaining(["verify", "export"]));
});

test.each(pages)("every command that %s names is one that exists", (page) => {
  const unknown = codeOf(readFromRoot(page)).flatMap(({ text, line }) =>
    [...text.matchAll(/(?:^|[\s(|&;])slipway ([a-z][a-z-]*)(?: ([a-z][a-z-]*))?/g)].flatMap(
      ([, verb = "", second]) => {
        const inner = verbs.get(verb);
        const known =
          inner !== undefined && (inner.length === 0 || (second !== undefined && inner.includes(second)));
        return known ? [] : [`line ${line}: slipway ${verb}${inner?.length ? ` ${second ?? ""}` : ""}`];
      },
    ),
  );
  expect(unknown).toEqual([]);
});

/** The verbs, each with the verbs below it: every command has a golden file of its help. */
function verbsOf(files: readonly string[]): Map<string, readonly string[]> {
  const found = new Map<string, readonly string[]>();
  for (const file of files) {
    const [verb = "", inner] = file.replace(/\.txt$/, "").split("-");
    found.set(verb, [...(found.get(verb) ?? []), ...(inner === undefined ? [] : [inner])]);
  }
  return found;
}

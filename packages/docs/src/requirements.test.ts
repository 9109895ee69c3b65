import { expect, test } from "vitest";
import { readFromRoot } from "./repository.ts";

const page = readFromRoot("packages/docs/requirements.md");
const rows = [...page.matchAll(/^\| (R\d[^|]*?) +\| ([^|]+?) +\| ([A-Z]{3}) +\| (\w+) +\| ([^|]*)\|$/gm)].map(
  ([, ids = "", text = "", , state = "", proof = ""]) => ({ ids, text, state, proof }),
);

test("every requirement from R001 to R174 stands in the table once", () => {
  const numbers = rows.flatMap(({ ids }) => ids.split(", ").flatMap(numbersOf));
  expect(numbers.sort((a, b) => a - b)).toEqual(Array.from({ length: 174 }, (_, index) => index + 1));
});

test.each(rows.map((row) => [row.ids, row] as const))(
  "%s says what proves it, or that it is planned",
  (_ids, row) => {
    const tests = row.proof.match(/\[\w+: [\w-]+\]/g) ?? [];
    if (row.state === "planned") expect(tests).toEqual([]);
    else {
      expect(["enforced", "performed", "rendered"]).toContain(row.state);
      expect(tests.length).toBeGreaterThan(0);
      for (const name of tests)
        expect(page).toMatch(new RegExp(`^\\${name.slice(0, -1)}\\]: \\.\\./\\.\\./.+\\.test\\.ts$`, "m"));
    }
  },
);

test("the numbers above the table are those of the table", () => {
  const count = (state: string) =>
    rows.filter((row) => row.state === state).flatMap(({ ids }) => ids.split(", ").flatMap(numbersOf)).length;
  const [enforced, performed, rendered, planned] = ["enforced", "performed", "rendered", "planned"].map(
    count,
  );
  expect(page).toContain(
    `Now: ${enforced} enforced, ${performed} performed, ${rendered} rendered, ${planned} planned, of 174.`,
  );
});

/** `R086-R088` is 86, 87 and 88. */
function numbersOf(range: string): number[] {
  const [first = 0, last = first] = range.split("-").map((id) => Number(id.slice(1)));
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}

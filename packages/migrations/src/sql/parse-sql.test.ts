import { expect, test } from "vitest";
import { parseSql } from "./parse-sql.ts";
import { describePlace, offsetOfCharacter, positionAt } from "./source-position.ts";

test("statements come with their text and place, counted in characters and not in bytes", async () => {
  const text = "-- ö 😀\nselect 'ä';\n\n/* two */ select '😀' ; -- end\nselect 3";
  const statements = await parseSql({ file: "1_a.sql", text });
  expect(statements.map((statement) => [statement.text.trim(), statement.start])).toEqual([
    ["select 'ä'", text.indexOf("select 'ä'")],
    ["select '😀'", text.indexOf("select '😀'")],
    ["select 3", text.indexOf("select 3")],
  ]);
  expect(positionAt(text, statements[1]!.start)).toMatchObject({ line: 4, column: 11 });
});

test("a character's offset skips both halves of a surrogate pair", () => {
  expect(offsetOfCharacter("a😀b", 2)).toBe(3);
  expect(offsetOfCharacter("ab", 9)).toBe(2);
});

test("a long line is cut in messages", () => {
  const { excerpt } = describePlace({ file: "1_a.sql", text: "x".repeat(200_000) }, 5);
  expect(excerpt.length).toBeLessThan(140);
});

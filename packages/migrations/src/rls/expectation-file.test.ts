import { expect, test } from "vitest";
import { expectationTests } from "./expectation-file.ts";

const read = (text: string) => expectationTests({ file: "notes.sql", text });

test("each test line begins a test, and a file without one is a test of its own", async () => {
  const named = await read(
    "insert into t values (1);\n-- rls: test a\n-- rls: as anon\n-- rls: sees no rows\nselect 1;\n-- rls: test b\nselect 2;",
  );
  expect(named.map(({ name }) => name)).toEqual(["a", "b"]);
  expect((await read("-- rls: as anon\n-- rls: can\nselect 1")).map(({ name }) => name)).toEqual([
    "notes.sql",
  ]);
});

test.each([
  ["-- rls: as anon\nselect 1", "3:1", "nothing is expected"],
  ["-- rls: sees 1 rows\nselect 1", "2:1", "it expects something of the owner"],
  ["-- rls: as anon\n-- rls: sees some rows\nselect 1", "2:1", '"sees some rows" is none of'],
  ["-- rls: as anon {sub}\n-- rls: can\nselect 1", "1:1", "no JSON object"],
  ["-- rls: as\n-- rls: can\nselect 1", "1:1", "as whom is missing"],
  ["-- rls: as anon\n-- rls: can\n-- rls: cannot\nselect 1", "3:1", "two expectations"],
])("a line that cannot be meant is refused with its place: %j", async (text, _place, why) => {
  await expect(read(text)).rejects.toMatchObject({
    code: "RLS_TEST_INVALID",
    why: expect.stringContaining(why),
  });
});

import { expect, test } from "vitest";
import { splitStatements } from "./split-statements.ts";

const split = (text: string) => splitStatements({ file: "1_a.sql", text });

test("semicolons and white space around go, comments stay with the statement after them", async () => {
  expect(await split("-- one\ncreate table a (id int);\n\n/* two */ insert into a values (1) ;\n")).toEqual([
    "-- one\ncreate table a (id int)",
    "/* two */ insert into a values (1)",
  ]);
});

test("a comment at the end is an entry of its own, and an empty file has none", async () => {
  expect(await split("select 1;\n-- the end\n")).toEqual(["select 1", "-- the end"]);
  expect(await split("  \n")).toEqual([]);
});

test("semicolons in texts, dollar quotes and function bodies end nothing", async () => {
  const body = "create function f() returns text language plpgsql as $$ begin return 'a;b'; end $$";
  const atomic = "create function g() returns int begin atomic select 1; select 2; end";
  expect(await split(`${body};\n${atomic};\nselect 'ä;';`)).toEqual([body, atomic, "select 'ä;'"]);
});

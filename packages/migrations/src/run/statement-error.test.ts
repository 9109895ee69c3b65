import { expect, test } from "vitest";
import { describeError, StatementError, sqlStateOf } from "./statement-error.ts";

/** The server's error, as the driver gives it. */
const serverError = (fields: Record<string, string>) =>
  Object.assign(new Error("no such thing"), { code: "42P01", severity: "ERROR", ...fields });

const source = { file: "1_a.sql", text: "select 1;\nselect '😀',\n  thing;" };

test("positions count characters from the start of the statement", () => {
  const error = new StatementError(serverError({ position: "15", hint: "try", detail: "row (1)" }), 10);
  expect(describeError(source, error)).toBe(
    "1_a.sql:3:3: no such thing (SQLSTATE 42P01)\n    3 |   thing;\n    hint: try",
  );
  expect(sqlStateOf(error)).toBe("42P01");
});

test("without a position the statement's start is the place", () => {
  expect(describeError(source, new StatementError(serverError({}), 10))).toContain(
    "1_a.sql:2:1: no such thing",
  );
});

test("an error that is about no statement has no place", () => {
  expect(describeError(source, serverError({}))).toBe("no such thing (SQLSTATE 42P01)");
  expect(describeError(source, new Error("other"))).toBe("other");
  expect(sqlStateOf(new Error("other"))).toBeNull();
});

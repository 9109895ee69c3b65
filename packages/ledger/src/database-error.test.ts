import { SlipwayError } from "@slipway/kernel";
import { expect, test } from "vitest";
import { databaseError, isConnectionLoss } from "./database-error.ts";

function postgresError(code: string, message: string, detail?: string): Error {
  return Object.assign(new Error(message), { code, severity: "ERROR", detail });
}

const WHAT = 'Cannot apply migration "7_prices"';

test("a lost lease is LEASE_LOST and says who has it now", () => {
  const error = databaseError(postgresError("SW001", "the lease is lost", "bob took it over"), WHAT);
  expect(error).toMatchObject({ code: "LEASE_LOST", message: `${WHAT}: bob took it over` });
});

test("a run that is not open is RUN_NOT_OPEN", () => {
  expect(
    databaseError(postgresError("SW004", "run 3 is not open", "there is no such run"), WHAT),
  ).toMatchObject({
    code: "RUN_NOT_OPEN",
    why: "there is no such run",
  });
});

test("a full disk is DATABASE_FAILED with the database's message and what to do", () => {
  expect(databaseError(postgresError("53100", "could not extend file"), WHAT)).toMatchObject({
    code: "DATABASE_FAILED",
    message: `${WHAT}: could not extend file (SQLSTATE 53100)`,
    todo: "Free disk space on the database server, then run again",
  });
});

test("a read-only server is named as such", () => {
  const error = databaseError(
    postgresError("25006", "cannot execute UPDATE in a read-only transaction"),
    WHAT,
  );
  expect(error).toMatchObject({ code: "DATABASE_FAILED", todo: expect.stringContaining("replica") });
});

test("values of rows, which the server puts into the detail, stay out of the message", () => {
  const error = databaseError(
    postgresError("23505", "duplicate key", "Key (email)=(ann@example.org) exists"),
    WHAT,
  );
  expect((error as SlipwayError).message).not.toContain("ann@example.org");
});

test("the ledger's own refusals keep their detail", () => {
  const error = databaseError(
    postgresError("SW003", "migration a is not the newest", "the newest is b"),
    WHAT,
  );
  expect(error).toMatchObject({
    code: "DATABASE_FAILED",
    why: "migration a is not the newest: the newest is b",
  });
});

test("what is no error of the database comes back unchanged", () => {
  const own = new SlipwayError("LEASE_HELD", { what: "x" });
  const bug = new TypeError("x is not a function");
  expect(databaseError(own, WHAT)).toBe(own);
  expect(databaseError(bug, WHAT)).toBe(bug);
});

test("a lost connection is told from a refused statement", () => {
  expect(isConnectionLoss(postgresError("57P01", "terminating connection"))).toBe(true);
  expect(isConnectionLoss(new Error("Connection terminated unexpectedly"))).toBe(true);
  expect(isConnectionLoss(Object.assign(new Error("read ECONNRESET"), { code: "ECONNRESET" }))).toBe(true);
  expect(isConnectionLoss(postgresError("42601", "syntax error"))).toBe(false);
  expect(isConnectionLoss(new TypeError("no connection between these two"))).toBe(false);
});

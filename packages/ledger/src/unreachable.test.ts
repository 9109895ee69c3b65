import { expect, test } from "vitest";
import { unreachable } from "./unreachable.ts";

const endpoint = { host: "db.example.org", port: 5432, database: "shop", user: "ann" };
const coded = (code: string, message = "") => Object.assign(new Error(message), { code });
const answered = (code: string, message: string) =>
  Object.assign(coded(code, message), { severity: "FATAL" });

test.each([
  [coded("ECONNREFUSED"), "nothing listens there", "Start the database"],
  [coded("ENOTFOUND"), "the name db.example.org cannot be resolved", "Correct the host"],
  [coded("EHOSTUNREACH"), "db.example.org cannot be reached (EHOSTUNREACH)", "firewall"],
  [
    new Error("timeout expired"),
    "no answer within 900 ms",
    "Check that db.example.org:5432 is a Postgres server",
  ],
  [coded("SELF_SIGNED_CERT_IN_CHAIN", "self-signed certificate"), "self-signed certificate", "sslmode"],
  [new Error("The server does not support SSL connections"), "does not support SSL", "sslmode"],
  [
    new Error("SASL: client password must be a string"),
    "ann for a password and the URL has none",
    "Put the password",
  ],
  [
    answered("28P01", 'password authentication failed for user "ann"'),
    "authentication failed",
    'Correct user "ann"',
  ],
  [answered("3D000", 'database "shop" does not exist'), "does not exist", "createdb shop"],
  [answered("53300", "too many clients"), "too many clients", "max_connections"],
  [answered("57P03", "the database system is starting up"), "is starting up", "Wait"],
])("%s is put into words", (error, why, todo) => {
  const result = unreachable(error, endpoint, 900);
  expect(result.code).toBe("DATABASE_UNREACHABLE");
  expect(result.what).toBe('Cannot connect to database "shop" at db.example.org:5432');
  expect(result.why).toContain(why);
  expect(result.todo).toContain(todo);
});

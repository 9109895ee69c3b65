import { expect, test } from "vitest";
import { checkInputs, type Fields, flag, number, text } from "./check-inputs.ts";
import { ASSET, SIGNATURE, secret, UNKNOWN } from "./property-value.ts";

const fields: Fields = {
  create: { shape: text },
  quiet: { shape: flag },
  logging: { shape: { kind: "choice", of: ["stdout", "none"] } },
  environment: { shape: { kind: "map", of: text } },
  interpreter: { shape: { kind: "list", of: text } },
  source: { shape: { kind: "asset" } },
  triggers: { shape: { kind: "list", of: { kind: "any" } } },
  connection: {
    shape: {
      kind: "object",
      fields: {
        host: { shape: text, required: true },
        port: { shape: number, default: 22 },
        password: { shape: text, secret: true },
      },
    },
    secret: true,
  },
};

test("inputs that fit come back as they are, secrets marked and defaults filled in", () => {
  const given = {
    create: "echo",
    quiet: true,
    logging: "none",
    environment: { A: secret("a") },
    interpreter: ["/bin/sh", "-c"],
    source: { [SIGNATURE]: ASSET, text: "x" },
    triggers: [1, { any: "thing" }],
    connection: { host: "h", password: "p" },
  };
  expect(checkInputs(fields, given)).toEqual({
    inputs: { ...given, connection: secret({ host: "h", port: 22, password: secret("p") }) },
    failures: [],
  });
});

test("what a preview does not know passes everywhere", () => {
  const given = {
    create: UNKNOWN,
    environment: UNKNOWN,
    interpreter: [UNKNOWN],
    connection: secret(UNKNOWN),
  };
  expect(checkInputs(fields, given)).toEqual({ inputs: given, failures: [] });
});

test("every input that does not fit is named by its path, never by its value", () => {
  const given = {
    create: 7,
    loging: "none",
    logging: "loud",
    environment: { A: "a", B: secret(42) },
    interpreter: ["sh", true],
    source: "hunter22",
    connection: { port: "hunter22" },
  };
  const { failures } = checkInputs(fields, given);
  expect(Object.fromEntries(failures.map(({ property, reason }) => [property, reason]))).toEqual({
    loging: "there is no such input",
    create: "must be a string, but is a number",
    logging: "must be one of stdout, none, but is a text",
    "environment.B": "must be a string, but is a number",
    "interpreter[1]": "must be a string, but is a boolean",
    source: "must be an asset or an archive, but is a text",
    "connection.host": "is required",
    "connection.port": "must be a number, but is a text",
  });
  expect(JSON.stringify(failures)).not.toContain("hunter22");
});

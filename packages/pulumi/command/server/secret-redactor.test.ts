import { expect, test } from "vitest";
import { secret } from "../wire/property-value.ts";
import { secretRedactor } from "./secret-redactor.ts";

test("secrets of inputs and state are masked, the lines of a long one too", () => {
  const key = "-----BEGIN KEY-----\nb3BlbnNzaC1rZXk\nabc\n-----END KEY-----";
  const redact = secretRedactor({ environment: { KEY: secret(key) } }, { stdout: secret("hunter22") });
  expect(redact("the word is hunter22")).toBe("the word is [redacted]");
  expect(redact("line: b3BlbnNzaC1rZXk")).toBe("line: [redacted]");
  expect(redact("abc and PORT stay")).toBe("abc and PORT stay");
});

test("of a connection, which is stored as a secret, keys and passwords are masked, and the host is not", () => {
  const redact = secretRedactor({
    connection: secret({ host: "app.example.org", password: secret("hunter22") }),
  });
  expect(redact("app.example.org said hunter22")).toBe("app.example.org said [redacted]");
});

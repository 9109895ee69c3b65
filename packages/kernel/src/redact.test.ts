import { expect, test } from "vitest";
import { createRedactor } from "./redact.ts";

const secret = ["correct", "horse", "battery"].join("/");

test("a registered secret is masked wherever it stands, percent-encoded too", () => {
  const redactor = createRedactor([secret]);
  const out = redactor.redact(`a ${secret} b postgres://u:${encodeURIComponent(secret)}@h/db`);
  expect(out).not.toContain("horse");
  expect(out).toContain("[redacted]");
});

test("the longer of two nested secrets is masked whole", () => {
  const redactor = createRedactor(["horse", secret]);
  expect(redactor.redact(`x${secret}y`)).toBe("x[redacted]y");
});

test("values too short to be secrets are left alone", () => {
  const redactor = createRedactor(["a", "", undefined]);
  expect(redactor.redact("a banana")).toBe("a banana");
});

test.each([
  [
    "postgres://app:verysecret@db.example/shop?sslmode=require",
    "postgres://app:[redacted]@db.example/shop?sslmode=require",
  ],
  ["Authorization: Bearer abcdefgh12345", "Authorization: Bearer [redacted]"],
  ['{"password": "verysecret", "user": "app"}', '{"password": "[redacted]", "user": "app"}'],
  ["PGPASSWORD=verysecret psql", "PGPASSWORD=[redacted] psql"],
  ["api_key: verysecret", "api_key: [redacted]"],
])("the shape of a secret is masked without knowing it: %s", (text, masked) => {
  expect(createRedactor().redact(text)).toBe(masked);
});

test("ordinary text stays as it is", () => {
  const text = "release 1.1.0 at http://127.0.0.1:8080/meta, sha256:00ff, 3 tokens left";
  expect(createRedactor().redact(text)).toBe(text);
});

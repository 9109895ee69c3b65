import { expect, test } from "vitest";
import { createRedactor } from "./redact.ts";

const secret = `sword/fish+"9" & 'é'<z>`;
const redact = createRedactor([secret]).redact;
const utf8 = (text: string) => String.fromCharCode(...new TextEncoder().encode(text));
const url = new URL(`http://host.invalid/${secret}`);
url.searchParams.set("form", secret);

test.each([
  ["in JSON", JSON.stringify({ a: secret })],
  ["as a part of a URL", `/find?q=${encodeURIComponent(secret)}`],
  ["as a URL writes a query", new URL(`http://host.invalid/?q=${secret}`).href],
  ["as a URL writes a path and a form", url.href],
  [
    "percent-encoded in small letters",
    `q=${encodeURIComponent(secret).replace(/%../g, (one) => one.toLowerCase())}`,
  ],
  ["escaped for HTML", "<p>sword/fish+&quot;9&quot; &amp; &#39;é&#39;&lt;z&gt;"],
])("a secret is found %s", (_name, text) => {
  expect(text).toMatch(/sword/);
  expect(redact(text)).not.toMatch(/sword|fish/);
});

test.each(["", "u", "us", "user:", "user1:", "user12:"])("a secret is found in base64 after %j", (before) => {
  const encoded = btoa(`${utf8(before + secret)} and more`);
  const left = redact(encoded);
  expect(left).toContain("[redacted]");
  // At most the characters that it shares with its neighbours stay.
  expect(
    atob(
      left.split("[redacted]", 1)[0]!.padEnd(Math.ceil(left.split("[redacted]", 1)[0]!.length / 4) * 4, "="),
    ).length,
  ).toBeLessThanOrEqual(before.length + 1);
});

test("the password of a connection URL and the lines of a key are secrets by themselves", () => {
  const key = ["-----BEGIN KEY-----", "bm90IGEga2V5", "aXQgaXMgbm90", "-----END KEY-----"].join("\n");
  const redactor = createRedactor(["postgres://app:open%2Dsesame@db.example/shop", key]);
  expect(redactor.redact('login "app" with open-sesame failed')).toBe('login "app" with [redacted] failed');
  expect(redactor.redact("second line: aXQgaXMgbm90")).toBe("second line: [redacted]");
});

test("a password that is the user's name or short is no word to take out of every text", () => {
  const redactor = createRedactor([
    "postgres://postgres:postgres@db.example/shop",
    "postgres://a:shop@db.example",
  ]);
  expect(redactor.redact("postgres has the table shop")).toBe("postgres has the table shop");
});

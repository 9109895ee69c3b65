import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import { shellCommand, shellQuote } from "./shell-quote.ts";

const hostile = [
  "",
  " ",
  "'",
  "''",
  "a'b",
  '"',
  "$HOME",
  "`id`",
  "$(id)",
  "\\",
  "\n",
  "*",
  "~",
  "-n",
  ";|&<>",
  "é😀",
  "!!",
  "%h",
];

test.each(hostile)("a shell reads %j back as it was", (text) => {
  expect(execFileSync("/bin/sh", ["-c", `printf %s ${shellQuote(text)}`], { encoding: "utf8" })).toBe(text);
});

test("plain words stay readable, and lists become one command", () => {
  expect(shellCommand(["ssh", "-o", "BatchMode=yes", "two words", "it's"])).toBe(
    "ssh -o BatchMode=yes 'two words' 'it'\\''s'",
  );
});

test("a zero character, which no shell can be given, is refused", () => {
  expect(() => shellQuote("a\0b")).toThrow("zero character");
});

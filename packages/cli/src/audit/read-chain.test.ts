import { expect, test } from "vitest";
import { chainOfFile, parseChain } from "./read-chain.ts";
import { parseHead } from "./stack-head.ts";

test("a chain is one event per line, or a list of them", () => {
  const events = [{ seq: 1 }, { seq: 2 }];
  expect(parseChain('{"seq":1}\n\n{"seq":2}\n', "a")).toEqual(events);
  expect(parseChain(JSON.stringify(events, null, 2), "a")).toEqual(events);
  expect(parseChain("", "a")).toEqual([]);
});

test("a line that is no JSON is named by its number in the file", () => {
  expect(() => parseChain('{"seq":1}\n\n{"se', "audit.ndjson")).toThrow(
    expect.objectContaining({ code: "AUDIT_BROKEN", why: "line 3 of audit.ndjson is not JSON" }),
  );
});

test("a file that is not there is a matter of the command line", async () => {
  await expect(chainOfFile("/nowhere/audit.ndjson")).rejects.toThrow(
    expect.objectContaining({ code: "USAGE", why: "there is no such file" }),
  );
});

test("a head is a number and a hash, written in full", () => {
  const hash = "0123456789abcdef".repeat(4);
  expect(parseHead(`42:${hash}`)).toEqual({ seq: 42, hash });
  for (const head of ["42", `42:${hash.slice(1)}`, `42:${hash.toUpperCase()}`, `x:${hash}`, ""])
    expect(() => parseHead(head)).toThrow(expect.objectContaining({ code: "USAGE" }));
});

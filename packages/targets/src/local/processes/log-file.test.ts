import { closeSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { scratchFolder } from "../../../testing/scratch-folder.ts";
import { openLog, tailLog } from "./log-file.ts";

const path = () => join(scratchFolder(), "log");

test("a log that is too big makes room and the one before is kept", () => {
  const log = path();
  for (const text of ["first", "second", "third"]) {
    const file = openLog(log, 3);
    closeSync(file);
    writeFileSync(log, text);
  }
  expect([readFileSync(log, "utf8"), readFileSync(`${log}.1`, "utf8")]).toEqual(["third", "second"]);
});

test("a log is for its owner only", () => {
  const log = path();
  closeSync(openLog(log));
  expect(statSync(log).mode & 0o777).toBe(0o600);
});

test("the tail is the last lines", () => {
  const log = path();
  writeFileSync(log, "a\nb\nc\n");
  expect(tailLog(log, 2)).toBe("b\nc");
  expect(tailLog(log, 9)).toBe("a\nb\nc");
});

test("the tail of a long log begins with a whole line", () => {
  const log = path();
  writeFileSync(log, `${"x".repeat(300_000)}\nlast\n`);
  expect(tailLog(log, 5)).toBe("last");
});

test("a log that is not there is empty", () => expect(tailLog(path(), 5)).toBe(""));

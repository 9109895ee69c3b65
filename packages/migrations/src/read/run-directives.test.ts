import { expect, test } from "vitest";
import { readDirectives } from "./directives.ts";
import { runDirectives } from "./run-directives.ts";

const read = (text: string) => readDirectives({ file: "1_a.sql", text: `${text}\nselect 1;` });

test("timeouts are read with their unit, beside other directives", () => {
  const text =
    "-- slipway: lock_timeout 500ms\r\n--slipway:statement_timeout 5min\n-- slipway: contract\nselect 1;";
  expect(runDirectives(text)).toEqual({ lockTimeoutMs: 500, statementTimeoutMs: 300_000 });
  expect(read(text)).toMatchObject({ phase: "contract", kind: null });
  expect(runDirectives("select '-- nothing';")).toEqual({});
});

test("in the ledger's SQL what a newer Slipway wrote is left out", () => {
  expect(runDirectives("-- slipway: frobnicate 2s\n-- slipway: lock_timeout soon\nselect 1;")).toEqual({});
});

test("on disk a timeout without a time, of nothing, too long or twice is refused", () => {
  expect(() => read("-- slipway: lock_timeout")).toThrow('"lock_timeout" needs a time');
  expect(() => read("-- slipway: lock_timeout 2 weeks")).toThrow('"lock_timeout" needs a time');
  expect(() => read("-- slipway: lock_timeout 0s")).toThrow("would wait for ever");
  expect(() => read("-- slipway: statement_timeout 9999h")).toThrow("is too long");
  expect(() => read("-- slipway: lock_timeout 1s\n-- slipway: lock_timeout 2s")).toThrow("given twice");
  expect(() => read("-- slipway: lock_timout 1s")).toThrow('did you mean "lock_timeout"?');
});

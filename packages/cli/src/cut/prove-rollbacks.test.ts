import { expect, test } from "vitest";
import { manifestOf } from "../../testing/observed.ts";
import { knownMigrations, proveRollbacks } from "./prove-rollbacks.ts";

const releases = [
  manifestOf("1.0.0", ["1_a"]),
  manifestOf("1.1.0", ["1_a", "2_b"]),
  manifestOf("2.0.0", ["1_a", "3_c"]),
];

test("known is what the newest older release has", () => {
  expect([...knownMigrations("1.2.0", releases)]).toEqual(["1_a", "2_b"]);
  expect([...knownMigrations("2.1.0", releases)]).toEqual(["1_a", "3_c"]);
  expect([...knownMigrations("0.9.0", releases)]).toEqual([]);
});

test("without migrations nothing is started", async () => {
  const lines: string[] = [];
  await proveRollbacks([], {
    root: "/nowhere",
    known: new Set(),
    database: null,
    onProgress: (line) => lines.push(line),
    signal: new AbortController().signal,
  });
  expect(lines).toEqual([]);
});

import { expect, test } from "vitest";
import { progressView } from "./progress-view.ts";
import type { PulumiEvent } from "./pulumi-event.ts";

const start = (resource: string, operation = "update"): PulumiEvent => ({
  kind: "start",
  resource,
  operation,
});
const done = (resource: string, operation = "update"): PulumiEvent => ({ kind: "done", resource, operation });
const failed = (resource: string): PulumiEvent => ({ kind: "failed", resource, operation: "update" });
const say = (
  resource: string,
  text: string,
  severity: "info" | "warning" | "error" = "info",
): PulumiEvent => ({
  kind: "message",
  resource,
  severity,
  text,
});

/** The lines of a run in which each event comes so many milliseconds after the one before. */
function linesOf(events: readonly PulumiEvent[], everyMs = 100): string[] {
  const view = progressView();
  const told = events.flatMap((event, index) => view.on(event, index * everyMs));
  return [...told, ...view.end()].map(({ line }) => line);
}

test("a step is one line: its end, its time, and what it did", () => {
  expect(
    linesOf([
      start("release"),
      done("release"),
      start("schema"),
      say("schema", "applied 1_things (1 of 1)"),
      done("schema"),
      start("api"),
      done("api"),
    ]),
  ).toEqual([
    "  release    ok        0.1 s",
    "  schema     ok        0.2 s  applied 1_things",
    "  api        ok        0.1 s",
  ]);
});

test("what a step says after its end is still part of its line", () => {
  expect(linesOf([start("schema"), done("schema"), say("schema", "undone 2_note (1 of 1)")])).toEqual([
    "  schema     ok        0.1 s  undone 2_note",
  ]);
});

test("many migrations are counted, and a long step says now and then how far it is", () => {
  const applied = [1, 2, 3, 4].map((n) => say("schema", `applied ${n}_it (${n} of 4)`));
  expect(linesOf([start("schema"), ...applied, done("schema")], 900)).toEqual([
    "  schema     applied 3_it (3 of 4)",
    "  schema     ok        4.5 s  applied 4 migrations, 1_it to 4_it",
  ]);
});

test("a smoke test that passed is its sentence", () => {
  const report =
    "pass  9 ms  api is alive  200\nRelease 1.0.0 passed 1 of 1 checks. (9 ms)\nNext: Nothing to do.";
  expect(linesOf([start("smoke"), say("smoke", report), done("smoke")])).toEqual([
    "  smoke      ok        0.2 s  Release 1.0.0 passed 1 of 1 checks",
  ]);
});

test("a smoke test that failed shows the checks that failed, and no other", () => {
  const report = [
    "pass  9 ms  api is alive  200",
    "fail  9 ms  products  seen 500",
    "Release 1.2.0 did not pass (fail): products: seen 500. (9 ms)",
    "Next: Look.",
  ];
  expect(linesOf([start("smoke"), ...report.map((line) => say("smoke", line)), failed("smoke")])).toEqual([
    "  smoke      failed    0.5 s\n             fail  9 ms  products  seen 500",
  ]);
});

test("a smoke test that could not start shows what it said", () => {
  expect(linesOf([start("smoke"), say("smoke", "sh: node: not found"), failed("smoke")])).toEqual([
    "  smoke      failed    0.2 s\n             sh: node: not found",
  ]);
});

test("who waits for a slow service is told while it is slow", () => {
  expect(linesOf([start("smoke"), say("smoke", "waiting: api is ready: 503")])).toEqual([
    "  smoke      waiting: api is ready: 503",
  ]);
});

test("warnings and other words come at once; errors are told at the end of the run, by whoever reports it", () => {
  expect(
    linesOf([
      say("release", "warning: the last run was killed", "warning"),
      start("traffic"),
      say("traffic", "10 % to 1.1.0"),
      say("traffic", "SMOKE_FAILED: it failed", "error"),
      failed("traffic"),
    ]),
  ).toEqual([
    "  warning: the last run was killed",
    "  traffic    10 % to 1.1.0",
    "  traffic    failed    0.3 s",
  ]);
});

test("a service that left the product is stopped, not ok", () => {
  expect(linesOf([start("old", "delete"), done("old", "delete")])).toEqual(["  old        stopped   0.1 s"]);
});

test("machines get the same as data", () => {
  const view = progressView();
  view.on(start("schema"), 0);
  view.on(say("schema", "applied 1_things (1 of 1)"), 1);
  view.on(done("schema"), 1500);
  expect(view.end().map(({ data }) => data)).toEqual([
    { event: "step", step: "schema", status: "ok", seconds: 1.5, detail: "applied 1_things", lines: [] },
  ]);
});

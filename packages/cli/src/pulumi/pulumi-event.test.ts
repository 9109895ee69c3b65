import { expect, test } from "vitest";
import { parseEvent } from "./pulumi-event.ts";

const urn = (name: string, type = "slipway:index:Schema") => `urn:pulumi:dev::shop::${type}::${name}`;
const step = (key: string, metadata: Record<string, unknown>) =>
  JSON.stringify({ sequence: 1, timestamp: 1, [key]: { metadata } });
const message = (severity: string, text: string, from = urn("schema")) =>
  JSON.stringify({ diagnosticEvent: { urn: from, message: text, severity } });

test.each([
  ["resourcePreEvent", "start"],
  ["resOutputsEvent", "done"],
  ["resOpFailedEvent", "failed"],
])("%s of a step is its %s", (key, kind) => {
  const line = step(key, { op: "update", urn: urn("schema"), old: { custom: true }, new: { custom: true } });
  expect(parseEvent(line)).toEqual({ kind, resource: "schema", operation: "update" });
});

test("a delete has only what was there before", () => {
  const line = step("resourcePreEvent", { op: "delete", urn: urn("api"), old: { custom: true }, new: null });
  expect(parseEvent(line)).toEqual({ kind: "start", resource: "api", operation: "delete" });
});

test.each([
  ["what stays as it is", step("resourcePreEvent", { op: "same", urn: urn("api"), new: { custom: true } })],
  [
    "the component around the steps",
    step("resourcePreEvent", { op: "create", urn: urn("shop"), new: { custom: false } }),
  ],
  [
    "the stack",
    step("resOutputsEvent", {
      op: "create",
      urn: urn("shop-dev", "pulumi:pulumi:Stack"),
      new: { type: "pulumi:pulumi:Stack" },
    }),
  ],
  ["a debug message", message("debug", "Registering resource")],
  ["an empty message", message("info", " \n")],
  ["another event", JSON.stringify({ summaryEvent: { durationSeconds: 1 } })],
  ["a plain line", "Updating (dev):"],
  ["half a line", '{"diagnosticEvent":{"mess'],
])("%s is not shown", (_what, line) => {
  expect(parseEvent(line)).toBeNull();
});

test("messages carry their step and how loud they are; an error without a step belongs to the run", () => {
  expect(parseEvent(message("info", "applied 1_things (1 of 1)\n"))).toEqual({
    kind: "message",
    resource: "schema",
    severity: "info",
    text: "applied 1_things (1 of 1)",
  });
  expect(parseEvent(message("warning", "slow"))).toMatchObject({ severity: "warning" });
  expect(parseEvent(message("info#err", "odd"))).toMatchObject({ severity: "info" });
  expect(parseEvent(message("error", "update failed", ""))).toMatchObject({
    resource: null,
    severity: "error",
  });
});

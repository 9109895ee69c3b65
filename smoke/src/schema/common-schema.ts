import { z } from "zod";
import type { Matcher } from "../definition/common.ts";

/** The parts that several kinds of checks share, as zod sees them. `src/definition/` has them as types. */
export const text = z.string().min(1);

export const duration = z
  .union([z.number().min(0), z.string().regex(/^\d+(\.\d+)?\s*(ms|s|m|h|d)$/)])
  .meta({ id: "Duration", description: "Milliseconds, or a text such as 250ms, 30s, 5m, 1h, 14d" });

/** Any value: which operators a matcher may have is checked when the suite is made ready to run. */
export const matcher = (z.unknown() as unknown as z.ZodType<Matcher>).meta({
  id: "Matcher",
  description:
    "A value, or operators: equals, not, oneOf, contains, startsWith, matches, exists, type, min, max, length",
});

export const matchers = z.record(text, matcher);

/** A whole number from `least`; zod's own integer would add the bounds of a double to the JSON Schema. */
export const count = (least: number) => z.int().min(least).max(1_000_000);

const failureClass = z.enum([
  ...([
    "network",
    "timeout",
    "tls",
    "unavailable",
    "unhealthy",
    "assertion",
    "no-data",
    "inconclusive",
  ] as const),
]);

const retryPolicy = z
  .strictObject({
    on: z.array(failureClass).optional().describe("Failures that another attempt may mend"),
    limit: count(0).optional().describe("Attempts after the first one"),
    for: duration.optional().describe("How long to go on trying"),
    every: duration.optional().describe("The pause between two attempts; default 250ms"),
    backoff: z.enum(["constant", "exponential"]).optional(),
    max: duration.optional().describe("The longest pause of an exponential backoff; default 2s"),
    jitter: z.number().min(0).max(1).optional().describe("The part of a pause that chance may take away"),
  })
  .meta({ id: "RetryPolicy" });

export const waiting = {
  timeout: duration.optional().describe("The time limit of one attempt, the body included; default 5s"),
  retry: z
    .union([z.literal(false), retryPolicy])
    .optional()
    .describe("false: one attempt"),
  stable: z
    .strictObject({ times: count(1), over: duration.optional() })
    .optional()
    .describe("Good attempts in a row before a check passes"),
};

export const base = {
  name: text.optional(),
  tags: z.array(text).optional(),
  optional: z.boolean().optional().describe("Shown when it fails, and does not stop the release"),
  ...waiting,
};

export const place = {
  service: text.optional().describe("A name in services, or in what the pin expects"),
  path: text.optional(),
  url: text.optional().describe("A whole URL, instead of service and path"),
  at: z.enum(["inside", "public", "both"]).optional(),
};

export const request = {
  method: text.optional().describe("Default GET; any other than GET and HEAD needs mutating: true"),
  headers: z.record(text, z.string()).optional(),
  body: z.unknown().optional().describe("A text is sent as it is, anything else as JSON"),
};

export const mutating = z.boolean().optional().describe("The request changes something");

import { z } from "zod";
import { base, count, duration, matcher, matchers, mutating, place, request, text } from "./common-schema.ts";

const statusCode = z.int().min(100).max(599);

const expectation = z
  .strictObject({
    status: z
      .union([z.int(), z.array(z.int()).min(1)])
      .optional()
      .describe("Default 200"),
    health: z
      .union([z.boolean(), z.strictObject({ path: text.optional(), words: z.array(text).min(1).optional() })])
      .optional()
      .describe("The body says that the service is well"),
    json: matchers.optional().describe("Values by JSON path"),
    schema: z.record(z.string(), z.unknown()).optional().describe("A JSON Schema of the whole body"),
    headers: matchers.optional(),
    text: matcher.optional(),
    type: text.optional().describe("The media type, without its parameters"),
    redirect: matcher.optional().describe("A redirect is a failure unless its location matches this"),
    within: duration.optional().describe("The longest time from the request to the end of the body"),
  })
  .meta({ id: "Expectation" });

const reading = z
  .union([
    text,
    z.strictObject({ json: text }),
    z.strictObject({ header: text }),
    z.strictObject({ meta: text }),
    z.strictObject({ pattern: text }),
  ])
  .meta({ id: "Reading", description: "A JSON path, or {header}, {meta} or {pattern}" });

export const http = z.strictObject({
  kind: z.literal("http").optional(),
  ...base,
  ...place,
  ...request,
  expect: expectation.optional(),
  samples: z
    .strictObject({ times: count(1), percentile: z.number().min(1).max(100), within: duration })
    .optional()
    .describe("How fast an answer must be, by a percentile of several"),
  mutating,
  capture: z.record(text, text).optional().describe("Values that cleanUp needs, by JSON path"),
  cleanUp: z
    .strictObject({ ...place, ...request, status: z.array(statusCode).min(1).optional() })
    .optional()
    .describe("Runs after every attempt, whatever came of it"),
});

export const version = z.strictObject({
  kind: z.literal("version"),
  ...base,
  sources: z
    .array(
      z.strictObject({
        ...place,
        version: reading.optional().describe("Default $.version"),
        name: reading.optional(),
        build: reading.optional(),
        commit: reading.optional(),
      }),
    )
    .min(1),
  version: text.optional().describe("Default: what the pin expects"),
  build: text.optional(),
  commit: text.optional(),
});

export const metrics = z.strictObject({
  kind: z.literal("metrics"),
  ...base,
  ...place,
  headers: request.headers,
  series: matchers.describe('By series: up, or http_requests_total{code="200"}'),
});

export const edgeFunction = z.strictObject({
  kind: z.literal("function"),
  ...base,
  ...place,
  ...request,
  key: text.optional().describe("Sent as Authorization: Bearer and as apikey"),
  refusesWithoutKey: z.boolean().optional().describe("Default true when there is a key"),
  mutating,
  expect: expectation.optional(),
  version: reading.optional(),
});

export const site = z.strictObject({
  kind: z.literal("site"),
  ...base,
  ...place,
  build: text.optional(),
  reading: reading.optional().describe('Default <meta name="build">'),
  assets: z.boolean().optional().describe("Ask for scripts and style sheets too; default true"),
  missing: text.optional().describe("A path that must answer 404"),
});

export const tls = z.strictObject({
  kind: z.literal("tls"),
  ...base,
  ...place,
  host: text.optional().describe("shop.example or shop.example:8443"),
  certificateName: text.optional(),
  validFor: duration.optional().describe("Default 14d"),
  pins: z.array(text).min(1).optional().describe("SHA-256 of the public key (SPKI) in base64"),
});

export const dns = z.strictObject({
  kind: z.literal("dns"),
  ...base,
  host: text,
  type: z.enum(["A", "AAAA", "CNAME", "TXT", "MX", "NS"]).optional(),
  records: matcher.optional(),
  server: text.optional().describe("A name server, ip or ip:port"),
});

export const tcp = z.strictObject({
  kind: z.literal("tcp"),
  ...base,
  address: text.describe("host:port"),
  send: z.string().optional(),
  reply: matcher.optional(),
});

export const command = z.strictObject({
  kind: z.literal("command"),
  ...base,
  command: z.array(z.string()).min(1).describe("The program and its arguments; no shell reads them"),
  folder: text.optional(),
  exit: z.int().min(0).max(255).optional(),
  stdout: matcher.optional(),
  stderr: matcher.optional(),
  json: matchers.optional(),
});

export const sql = z.strictObject({
  kind: z.literal("sql"),
  ...base,
  database: text.describe("A connection URL, mostly from an environment variable"),
  query: text,
  rows: matchers.optional(),
});

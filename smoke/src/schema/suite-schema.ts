import { z } from "zod";
import { command, dns, edgeFunction, http, metrics, site, sql, tcp, tls, version } from "./checks-schema.ts";
import { count, duration, text, waiting } from "./common-schema.ts";

const service = z.strictObject({
  address: text.optional().describe("Where it is asked from inside: http://127.0.0.1:4711"),
  public: text.optional().describe("Where its users find it: https://shop.example"),
});

const expectedService = z.strictObject({
  version: text,
  build: text.optional().describe("The digest of the build that must answer"),
  commit: text.optional(),
  address: text.optional(),
  public: text.optional(),
  health: z.strictObject({ live: text.optional(), ready: text.optional(), meta: text.optional() }).optional(),
});

const expected = z.strictObject({
  environment: text.optional(),
  release: text.optional(),
  digest: text.optional(),
  attempt: count(0).optional(),
  services: z.record(text, expectedService).optional(),
});

/**
 * A suite as it stands in a file. The published JSON Schema (`smoke/schema.json`) is made from this, and
 * is what suites are checked against when they run: zod itself is not loaded then.
 */
export const suiteSchema = z
  .strictObject({
    $schema: z.string().optional(),
    name: text.optional(),
    deadline: duration.optional().describe("The whole run's limit; default 30s"),
    silence: duration
      .optional()
      .describe("Give up when nothing at all has answered for this long; default 10s"),
    expected: expected.optional().describe("What must answer; mostly given from outside, by the pin"),
    services: z.record(text, service).optional(),
    env: z
      .record(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/), z.enum(["secret", "plain"]))
      .optional()
      .describe("Environment variables that a dollar sign and {NAME} may stand for"),
    defaults: z.strictObject(waiting).optional(),
    suites: z
      .record(text, z.strictObject({ tags: z.array(text).min(1), deadline: duration.optional() }))
      .optional(),
    checks: z.array(z.union([http, version, metrics, edgeFunction, site, tls, dns, tcp, command, sql])),
  })
  .describe("A Slipway smoke suite");

/** The suite's JSON Schema, draft 2020-12. */
export function suiteJsonSchema(): Record<string, unknown> {
  const { $schema, ...schema } = z.toJSONSchema(suiteSchema, { io: "input" });
  return { $schema, title: "Slipway smoke suite", ...schema };
}

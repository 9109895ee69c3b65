import type { FailureClass } from "../src/definition/common.ts";
import type { HttpCheck } from "../src/definition/http-checks.ts";

/** A check of a misbehaving path, and what has to come of it. */
export interface MisbehaviourCase {
  readonly check: HttpCheck & { readonly name: string };
  /** Left out when the check has to pass. */
  readonly failure?: FailureClass;
  readonly message: RegExp;
  /** It is asked until the deadline. All others end by themselves. */
  readonly goesOn?: true;
}

const health = { health: true };
const impatient = { timeout: "400ms", retry: false } as const;

/** One list for every transport: what a runtime does differently is a bug. */
export const misbehaviourCases: readonly MisbehaviourCase[] = [
  { check: { name: "well", path: "/ok", expect: health }, message: /^200, body status ok$/ },
  { check: { name: "compressed", path: "/gzip", expect: health }, message: /^200, body status ok$/ },
  {
    check: { name: "slow headers", path: "/slow-headers", ...impatient },
    failure: "timeout",
    message: /no complete answer within 400 ms/,
  },
  {
    check: { name: "slow body", path: "/slow-body", ...impatient },
    failure: "timeout",
    message: /no complete answer within 400 ms/,
  },
  {
    check: { name: "endless body", path: "/endless", retry: false },
    failure: "assertion",
    message: /body: expected at most 1048576 bytes, seen more/,
  },
  {
    check: { name: "gzip bomb", path: "/gzip-bomb", retry: false, expect: health },
    failure: "assertion",
    message: /body: expected at most 1048576 bytes, seen more/,
  },
  {
    check: { name: "reset", path: "/reset", retry: false },
    failure: "network",
    message: /127\.0\.0\.1:\d+: connection/,
  },
  {
    check: { name: "reset in the body", path: "/reset-in-body", retry: false },
    failure: "network",
    message: /127\.0\.0\.1:\d+: /,
  },
  {
    check: { name: "wrong type", path: "/wrong-type", expect: { type: "application/json" } },
    failure: "assertion",
    message: /content type: expected application\/json, seen text\/html/,
  },
  {
    check: { name: "unhealthy", path: "/unhealthy", expect: health, retry: false },
    failure: "unhealthy",
    message: /body status: expected one of ok, .*, seen "unhealthy"/,
  },
  {
    check: { name: "login page", path: "/login-redirect", expect: health },
    failure: "assertion",
    message: /redirect: expected none, status 200, seen 302 to \/login/,
  },
  {
    check: { name: "expected redirect", path: "/login-redirect", expect: { redirect: "/login" } },
    message: /^302, location "\/login"$/,
  },
  {
    check: { name: "catch-all, health", path: "/nothing", expect: health, retry: false },
    failure: "unhealthy",
    message: /<!doctype html>/,
  },
  {
    check: { name: "catch-all, JSON", path: "/nothing", expect: { json: { "$.status": "ok" } } },
    failure: "assertion",
    message: /body: expected JSON, seen text\/html: <!doctype html>/,
  },
  {
    check: { name: "invalid JSON", path: "/invalid-json", expect: { json: { "$.status": "ok" } } },
    failure: "assertion",
    message: /body: expected JSON, seen application\/json: \{"status": ok/,
  },
  {
    check: { name: "compressed by name only", path: "/gzip-lie", retry: false },
    failure: "network",
    message: /127\.0\.0\.1:\d+: the body is not compressed as it says$/,
  },
  {
    check: {
      name: "unasked encoding",
      path: "/unasked-encoding",
      expect: { json: { "$.status": "ok" } },
    },
    failure: "assertion",
    message: /body: expected JSON, seen application\/json, snappy: \ufffd$/,
  },
  {
    check: { name: "not HTTP", path: "/not-http", retry: false },
    failure: "network",
    message: /127\.0\.0\.1:\d+: what answers does not speak HTTP$/,
  },
  {
    check: { name: "huge headers", path: "/huge-headers", retry: false },
    failure: "network",
    message: /127\.0\.0\.1:\d+: the headers are too large$/,
  },
  {
    check: { name: "nested", path: "/nested", expect: { json: { $: { type: "object" } } } },
    failure: "assertion",
    message: /^\$: expected a value of type object, seen /,
  },
  {
    check: { name: "control characters", path: "/escapes" },
    failure: "assertion",
    message: /^status: expected 200, seen 500 \ufffd\[2J\ufffd all is well$/,
  },
  {
    check: { name: "empty", path: "/empty", expect: { json: { "$.status": "ok" } } },
    failure: "assertion",
    message: /seen no content type: an empty body/,
  },
  {
    check: { name: "busy", path: "/busy" },
    failure: "unavailable",
    message: /status: expected 200, seen 503 busy; the deadline came after 1 attempt, it asked for 60 s more/,
  },
  {
    check: {
      name: "flapping",
      path: "/flapping",
      expect: health,
      stable: { times: 3 },
      retry: { every: "20ms" },
    },
    failure: "unhealthy",
    message: /flapping, it was well and then not \d+ times; the deadline/,
    goesOn: true,
  },
];

import { type Clock, createRedactor, systemClock } from "@slipway/kernel";
import { type Duration, durationMs } from "../definition/duration.ts";
import type { Suite } from "../definition/suite.ts";
import type { SmokeReport } from "../engine/report.ts";
import { runSmoke, type SmokeOptions } from "../engine/run-smoke.ts";
import { checkSuite } from "../schema/check-suite.ts";
import { sameText } from "./same-text.ts";

/** How the handler is set up. */
export interface SmokeHandlerOptions
  extends Pick<SmokeOptions, "transport" | "ports" | "clock" | "audit" | "env"> {
  /** What callers must send as `Authorization: Bearer …`. At least 16 characters; without one nobody gets in. */
  readonly token: string | undefined;
  /** Runs a minute; cached answers do not count. Default 12. */
  readonly perMinute?: number;
  /** How long a report is given out again. Default 5 s. */
  readonly cache?: Duration;
  /** The limit of a run, since isolates are ended early. Default 20 s. */
  readonly deadline?: Duration;
}

/**
 * Makes a handler that runs a suite from where it is deployed, for `Deno.serve` or an edge function: `GET` with the
 * token answers the JSON report, status 200 for a pass and 503 for anything else. `?suite=` and `?tag=` select.
 * Calls at the same time share one run.
 *
 * @example
 * Deno.serve(smokeHandler(suite, { token: Deno.env.get("SMOKE_TOKEN"), env: (name) => Deno.env.get(name) }));
 */
export function smokeHandler(
  suite: Suite,
  options: SmokeHandlerOptions,
): (request: Request) => Promise<Response> {
  const checked = checkSuite(suite, suite.name ?? "smoke");
  const clock = options.clock ?? systemClock;
  const cacheMs = durationMs(options.cache ?? "5s");
  const deadline = options.deadline ?? "20s";
  const allow = rateLimit(options.perMinute ?? 12, clock);
  const kept = new Map<string, { readonly until: () => number; readonly report: Promise<SmokeReport> }>();
  return async (request) => {
    if (request.method !== "GET") return refuse(405, "only GET", { allow: "GET" });
    if (options.token === undefined || options.token.length < 16) return refuse(503, "no token is set up");
    const sent = /^Bearer (.+)$/i.exec(request.headers.get("authorization") ?? "")?.[1];
    if (sent === undefined || !(await sameText(sent, options.token))) {
      return refuse(401, "a token is needed", { "www-authenticate": "Bearer" });
    }
    const query = new URL(request.url).searchParams;
    const part = query.get("suite");
    const tags = query.getAll("tag");
    const key = JSON.stringify([part, tags]);
    const known = kept.get(key);
    if (known !== undefined && clock.now() < known.until()) return answer(await known.report);
    const wait = allow();
    if (wait > 0) return refuse(429, "too many runs", { "retry-after": String(Math.ceil(wait / 1_000)) });
    let until = Number.POSITIVE_INFINITY;
    const { token: _token, perMinute: _rate, cache: _cache, ...rest } = options;
    const report = runSmoke(checked, {
      ...rest,
      deadline,
      redactor: createRedactor([options.token]),
      ...(part === null ? {} : { suite: part }),
      ...(tags.length === 0 ? {} : { tags }),
    }).finally(() => {
      until = clock.now() + cacheMs;
    });
    // Selections come from outside: what is kept must not grow with them.
    if (kept.size >= 16) kept.clear();
    kept.set(key, { until: () => until, report });
    return answer(await report);
  };
}

/** A bucket of runs that fills up again evenly; gives 0, or the milliseconds until the next run is allowed. */
function rateLimit(perMinute: number, clock: Clock): () => number {
  const every = 60_000 / perMinute;
  let runs = perMinute;
  let at = clock.now();
  return () => {
    const now = clock.now();
    runs = Math.min(perMinute, runs + (now - at) / every);
    at = now;
    if (runs < 1) return (1 - runs) * every;
    runs -= 1;
    return 0;
  };
}

const headers = { "content-type": "application/json; charset=utf-8", "cache-control": "no-store" };

function answer(report: SmokeReport): Response {
  const status = report.verdict === "pass" ? 200 : 503;
  return new Response(JSON.stringify(report), { status, headers });
}

function refuse(status: number, error: string, more: Readonly<Record<string, string>> = {}): Response {
  return new Response(JSON.stringify({ error }), { status, headers: { ...headers, ...more } });
}

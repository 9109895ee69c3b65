import { durationMs } from "../definition/duration.ts";
import type { HttpCheck, HttpExpectation, Suite } from "../definition/suite.ts";
import type { Attempt, AttemptTools } from "../engine/planned-check.ts";
import type { Finding } from "../engine/report.ts";
import { type ResolvedPlace, resolvePlace } from "../engine/resolve-place.ts";
import { retryAfterMs } from "../engine/retry-delay.ts";
import type { HttpAnswer } from "../engine/transport.ts";
import { judgeHealth } from "./health.ts";
import { type Found, readJsonPath } from "./json-path.ts";
import { foundText, matcherText, matches, valueText } from "./matcher.ts";

/** Bytes of a body that are read; a longer one is a failure. */
export const maxBodyBytes = 1024 * 1024;

const unavailable = new Set([408, 425, 429, 502, 503, 504]);

/** Makes the attempts of an HTTP check: one for each vantage point. */
export function planHttp(check: HttpCheck, suite: Suite) {
  return resolvePlace(check, suite).map((place) => ({
    label: `${check.method === undefined ? "" : `${check.method.toUpperCase()} `}${place.label}`,
    attempt: (tools: AttemptTools) => attemptHttp(check, place, tools),
  }));
}

async function attemptHttp(check: HttpCheck, place: ResolvedPlace, tools: AttemptTools): Promise<Attempt> {
  const start = tools.clock.now();
  const answer = await ask(check, place, tools);
  const ms = tools.clock.now() - start;
  const wait = retryAfterMs(answer.headers["retry-after"], tools.clock.now());
  return {
    findings: judgeAnswer(answer, check.expect ?? {}, ms),
    ...(wait === undefined ? {} : { retryAfterMs: wait }),
  };
}

async function ask(check: HttpCheck, place: ResolvedPlace, tools: AttemptTools): Promise<HttpAnswer> {
  const json = check.body !== undefined && typeof check.body !== "string";
  const answer = await tools.transport({
    url: place.url,
    method: (check.method ?? "GET").toUpperCase(),
    headers: {
      accept: "application/json, */*;q=0.8",
      "user-agent": "slipway-smoke",
      ...(json ? { "content-type": "application/json" } : {}),
      ...check.headers,
    },
    ...(check.body === undefined ? {} : { body: json ? JSON.stringify(check.body) : String(check.body) }),
    signal: tools.signal,
    maxBytes: maxBodyBytes,
  });
  tools.answered();
  return answer;
}

/** Judges an answer by what was expected of it. A wrong status ends it: the rest would be noise. */
export function judgeAnswer(answer: HttpAnswer, expect: HttpExpectation, ms: number): Finding[] {
  const status = judgeStatus(answer, expect);
  if (!status.ok) return [status];
  const findings = [status];
  const add = (what: string, expected: string, seen: string, ok: boolean) =>
    findings.push(ok ? { ok, what, expected, seen } : { ok, what, expected, seen, failure: "assertion" });

  for (const [name, matcher] of Object.entries(expect.headers ?? {})) {
    const found = foundIn(answer.headers[name.toLowerCase()]);
    add(`header ${name.toLowerCase()}`, matcherText(matcher), foundText(found), matches(found, matcher));
  }
  if (expect.redirect !== undefined) {
    const found = foundIn(answer.headers.location);
    add("location", matcherText(expect.redirect), foundText(found), matches(found, expect.redirect));
  }
  if (expect.within !== undefined) {
    const limit = durationMs(expect.within);
    add("time", `<= ${limit} ms`, `${Math.round(ms)} ms`, ms <= limit);
  }
  const type = mediaType(answer);
  if (expect.type !== undefined) add("content type", expect.type, type || "none", type === expect.type);
  if (answer.cut) add("body", `at most ${maxBodyBytes} bytes`, "more", false);
  else findings.push(...judgeBody(answer, expect, type));
  return findings;
}

function judgeStatus(answer: HttpAnswer, expect: HttpExpectation): Finding {
  const wanted = [expect.status ?? (expect.redirect === undefined ? 200 : [301, 302, 303, 307, 308])].flat();
  const expected = wanted.join(" or ");
  if (wanted.includes(answer.status)) {
    return { ok: true, what: "status", expected, seen: String(answer.status) };
  }
  const location = answer.headers.location;
  const detail = location === undefined ? excerpt(answer.body) : `to ${location}`;
  return {
    ok: false,
    what: location === undefined ? "status" : "redirect",
    expected: location === undefined ? expected : `none, status ${expected}`,
    seen: `${answer.status} ${detail}`.trim(),
    failure: unavailable.has(answer.status) ? "unavailable" : "assertion",
  };
}

function judgeBody(answer: HttpAnswer, expect: HttpExpectation, type: string): Finding[] {
  const findings: Finding[] = [];
  const parsed = parseJson(answer.body);
  const document = parsed.found ? parsed.value : undefined;
  if (expect.health !== undefined && expect.health !== false) {
    const options = expect.health === true ? {} : expect.health;
    findings.push(judgeHealth(answer.body, document, options));
  }
  const json = Object.entries(expect.json ?? {});
  if (json.length > 0 && !parsed.found) {
    const seen = `${type || "no content type"}: ${excerpt(answer.body) || "an empty body"}`;
    findings.push({ ok: false, what: "body", expected: "JSON", seen, failure: "assertion" });
  }
  for (const [path, matcher] of parsed.found ? json : []) {
    const found = readJsonPath(document, path);
    const seen = foundText(found);
    const expected = matcherText(matcher);
    const ok = matches(found, matcher);
    findings.push({ ok, what: path, expected, seen, ...(ok ? {} : { failure: "assertion" }) });
  }
  if (expect.text !== undefined) {
    const ok = matches({ found: true, value: answer.body }, expect.text);
    const seen = ok ? `${answer.body.length} characters` : valueText(excerpt(answer.body));
    const expected = matcherText(expect.text);
    findings.push({ ok, what: "text", expected, seen, ...(ok ? {} : { failure: "assertion" }) });
  }
  return findings;
}

/** Reads a body as JSON; what is not JSON is not found. */
export function parseJson(body: string): Found {
  try {
    return { found: true, value: JSON.parse(body) };
  } catch {
    // Not JSON is a result here, not an error: the caller says what it expected.
    return { found: false };
  }
}

/** The first words of a body, on one line. */
export function excerpt(body: string): string {
  const line = body.slice(0, 400).replace(/\s+/g, " ").trim();
  return line.length > 100 ? `${line.slice(0, 97)}...` : line;
}

export function mediaType(answer: HttpAnswer): string {
  return (answer.headers["content-type"] ?? "").split(";")[0]!.trim().toLowerCase();
}

function foundIn(value: string | undefined): Found {
  return value === undefined ? { found: false } : { found: true, value };
}

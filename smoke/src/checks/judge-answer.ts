import type { Matcher } from "../definition/common.ts";
import { durationMs } from "../definition/duration.ts";
import type { HttpExpectation } from "../definition/http-checks.ts";
import type { Finding } from "../engine/report.ts";
import type { HttpAnswer } from "../engine/transport.ts";
import { maxBodyBytes } from "./ask.ts";
import { judgeSchema } from "./body-schema.ts";
import { judgeHealth } from "./health.ts";
import { type Found, readJsonPath } from "./json-path.ts";
import { foundText, matcherText, matches } from "./matcher.ts";

const unavailable = new Set([408, 425, 429, 502, 503, 504]);

/** Judges an answer by what was expected of it. A wrong status ends it: the rest would be noise. */
export async function judgeAnswer(
  answer: HttpAnswer & { readonly ms: number },
  expect: HttpExpectation,
): Promise<Finding[]> {
  const status = judgeStatus(answer, expect);
  if (!status.ok) return [status];
  const findings = [status];
  for (const [name, matcher] of Object.entries(expect.headers ?? {})) {
    const found = foundIn(answer.headers[name.toLowerCase()]);
    findings.push(judgeValue(`header ${name.toLowerCase()}`, found, matcher));
  }
  if (expect.redirect !== undefined) {
    findings.push(judgeValue("location", foundIn(answer.headers.location), expect.redirect));
  }
  if (expect.within !== undefined) {
    const limit = durationMs(expect.within);
    findings.push(finding("time", `<= ${limit} ms`, `${Math.round(answer.ms)} ms`, answer.ms <= limit));
  }
  if (expect.type !== undefined) {
    const type = mediaType(answer);
    findings.push(finding("content type", expect.type, type || "none", type === expect.type.toLowerCase()));
  }
  if (answer.cut) findings.push(finding("body", `at most ${maxBodyBytes} bytes`, "more", false));
  else findings.push(...(await judgeBody(answer, expect)));
  return findings;
}

/** Judges the status alone. A redirect that nobody expected is called one, with where it leads. */
export function judgeStatus(
  answer: HttpAnswer,
  expect: Pick<HttpExpectation, "status" | "redirect">,
): Finding {
  const wanted = [expect.status ?? (expect.redirect === undefined ? 200 : [301, 302, 303, 307, 308])].flat();
  const expected = wanted.join(" or ");
  if (wanted.includes(answer.status)) return finding("status", expected, String(answer.status), true);
  const { location } = answer.headers;
  const moved = location !== undefined && answer.status >= 300 && answer.status < 400;
  return {
    ok: false,
    what: moved ? "redirect" : "status",
    expected: moved ? `none, status ${expected}` : expected,
    seen: `${answer.status} ${moved ? `to ${location}` : excerpt(answer.body)}`.trim(),
    failure: unavailable.has(answer.status) ? "unavailable" : "assertion",
  };
}

async function judgeBody(answer: HttpAnswer, expect: HttpExpectation): Promise<Finding[]> {
  const findings: Finding[] = [];
  const parsed = parseJson(answer.body);
  const document = parsed.found ? parsed.value : undefined;
  if (expect.health !== undefined && expect.health !== false) {
    findings.push(judgeHealth(answer.body, document, expect.health === true ? {} : expect.health));
  }
  const wantsJson = expect.schema !== undefined || Object.keys(expect.json ?? {}).length > 0;
  if (wantsJson && !parsed.found) {
    const form = [mediaType(answer) || "no content type", answer.headers["content-encoding"]].filter(Boolean);
    const seen = `${form.join(", ")}: ${excerpt(answer.body) || "an empty body"}`;
    findings.push(finding("body", "JSON", seen, false));
  } else {
    for (const [path, matcher] of Object.entries(expect.json ?? {})) {
      findings.push(judgeValue(path, readJsonPath(document, path), matcher));
    }
    if (expect.schema !== undefined) findings.push(...(await judgeSchema(document, expect.schema)));
  }
  if (expect.text !== undefined) {
    const ok = matches({ found: true, value: answer.body }, expect.text);
    const seen = ok ? `${answer.body.length} characters` : JSON.stringify(excerpt(answer.body));
    findings.push(finding("text", matcherText(expect.text), seen, ok));
  }
  return findings;
}

/** A finding about a value and what it must match. */
export function judgeValue(what: string, found: Found, matcher: Matcher): Finding {
  return finding(what, matcherText(matcher), foundText(found), matches(found, matcher));
}

/** A finding; a failed one is an assertion. */
export function finding(what: string, expected: string, seen: string, ok: boolean): Finding {
  return ok ? { ok, what, expected, seen } : { ok, what, expected, seen, failure: "assertion" };
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

/** The beginning of a body. Reports shorten it further, after secrets have been taken out. */
export function excerpt(body: string): string {
  return body.slice(0, 4_096).trim();
}

/** The media type of an answer in lower case, without parameters; empty when there is none. */
export function mediaType(answer: HttpAnswer): string {
  return (answer.headers["content-type"] ?? "").split(";")[0]!.trim().toLowerCase();
}

function foundIn(value: string | undefined): Found {
  return value === undefined ? { found: false } : { found: true, value };
}

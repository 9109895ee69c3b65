import type { RetryPolicy } from "../definition/common.ts";
import type { HttpExpectation } from "../definition/http-checks.ts";
import { addHurlAssert } from "./hurl-assert.ts";
import { type HurlEntry, type HurlLine, parseHurl } from "./hurl-file.ts";
import {
  type Draft,
  type HttpDraft,
  type Imported,
  placeholders,
  type Unmapped,
  withUniqueNames,
} from "./imported.ts";

/**
 * Makes a suite of a hurl file: a check of every entry. Entries that use what an earlier one captured are
 * left out, since checks run side by side; a flow in TypeScript can do that.
 *
 * @throws {SyntaxError} when it is no hurl file.
 */
export function importHurl(text: string): Imported {
  const { env, fill } = placeholders();
  const unmapped: Unmapped[] = [];
  const captured = new Set<string>();
  const checks = parseHurl(text).flatMap((entry) => {
    const note = (line: number, why: string) => unmapped.push({ where: `line ${line}`, why });
    const used = [...captured].filter((name) => uses(entry, name));
    for (const { line, text: capture } of entry.sections.Captures ?? []) {
      captured.add(capture.split(":")[0]!.trim());
      note(line, "captures are not carried on: compare versions with a version check, take steps in a flow");
    }
    if (used.length > 0) {
      note(entry.line, `${entry.method} ${entry.url} uses what was captured: ${used.join(", ")}`);
      return [];
    }
    return [checkOf(entry, fill, note)];
  });
  const declared = Object.keys(env).length === 0 ? {} : { env };
  return { suite: { name: "hurl", ...declared, checks: withUniqueNames(checks) }, unmapped };
}

type Note = (line: number, why: string) => void;
type Fill = (text: string) => string;

function checkOf(entry: HurlEntry, fill: Fill, note: Note): HttpDraft {
  const check: HttpDraft = { name: `${entry.method} ${entry.url}`, url: urlOf(entry, fill) };
  if (entry.method !== "GET") {
    check.method = entry.method;
    if (entry.method !== "HEAD") {
      check.mutating = true;
      note(entry.line, `${entry.method} may change something: write a cleanUp`);
    }
  }
  const headers = entry.headers.map(({ text }) => pairOf(fill(text)));
  if (headers.length > 0) check.headers = Object.fromEntries(headers);
  if (entry.body !== undefined) check.body = bodyOf(fill(entry.body));
  const options = optionsOf(entry.sections.Options ?? [], note);
  if (Object.keys(options.retry).length > 0)
    check.retry = { on: ["network", "timeout", "unavailable", "unhealthy", "assertion"], ...options.retry };
  if (options.timeout !== undefined) check.timeout = options.timeout;
  for (const section of ["Form", "FormParams", "Multipart", "MultipartFormData", "Cookies"]) {
    for (const { line } of entry.sections[section] ?? []) note(line, `there is no place for [${section}]`);
  }
  for (const { line } of entry.sections.BasicAuth ?? []) {
    note(line, "the login is left out: add a header authorization whose value comes from env");
  }
  const expect = expectationOf(entry, fill, note);
  if (Object.keys(expect).length > 0) check.expect = expect;
  return check;
}

function expectationOf(entry: HurlEntry, fill: Fill, note: Note): Draft<HttpExpectation> {
  const expect: Draft<HttpExpectation> = {};
  if (entry.status !== undefined && entry.status !== 200) expect.status = entry.status;
  for (const { text } of entry.answerHeaders) {
    const [name, value] = pairOf(fill(text));
    expect.headers = { ...expect.headers, [name]: value };
  }
  if (entry.answerBody !== undefined) note(entry.line, "the answer's body as a whole is not compared");
  for (const { line, text } of entry.sections.Asserts ?? []) {
    const why = addHurlAssert(fill(text), expect);
    if (why !== undefined) note(line, why);
  }
  return expect;
}

function urlOf(entry: HurlEntry, fill: Fill): string {
  const query = [...(entry.sections.Query ?? []), ...(entry.sections.QueryStringParams ?? [])];
  const pairs = query.map(({ text }) => pairOf(fill(text)));
  const url = fill(entry.url);
  if (pairs.length === 0) return url;
  const text = pairs
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`)
    .join("&");
  return `${url}${url.includes("?") ? "&" : "?"}${text}`;
}

function optionsOf(lines: readonly HurlLine[], note: Note) {
  const retry: Draft<RetryPolicy> = {};
  let timeout: string | undefined;
  for (const { line, text } of lines) {
    const [name, value] = pairOf(text);
    const time = /^\d+$/.test(value) ? `${value}ms` : value;
    if (name === "retry" && Number(value) >= 0) retry.limit = Number(value);
    else if (name === "retry" && value === "-1") retry.every ??= "1s";
    else if (name === "retry-interval") retry.every = time;
    else if (name === "max-time") timeout = /^\d+$/.test(value) ? `${value}s` : value;
    else
      note(
        line,
        `there is no place for the option ${name}${name === "location" ? ": redirects are never followed" : ""}`,
      );
  }
  return { retry, timeout };
}

function pairOf(text: string): [string, string] {
  const at = text.indexOf(":");
  return [text.slice(0, at).trim(), text.slice(at + 1).trim()];
}

function bodyOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Not JSON: it is sent as it stands.
    return text.replace(/^```\w*\n?|\n?```$/g, "").trim();
  }
}

function uses(entry: HurlEntry, name: string): boolean {
  const pattern = new RegExp(`\\{\\{\\s*${name.replace(/\W/g, "\\$&")}\\s*\\}\\}`);
  return pattern.test(JSON.stringify(entry));
}

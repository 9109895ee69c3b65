import { parseJson } from "../checks/judge-answer.ts";
import type { RetryPolicy } from "../definition/common.ts";
import type { HttpExpectation } from "../definition/http-checks.ts";
import { addHurlAssert } from "./hurl-assert.ts";
import { type HurlEntry, type HurlLine, parseHurl } from "./hurl-file.ts";
import { type Draft, type HttpDraft, type Imported, type Unmapped, withUniqueNames } from "./imported.ts";
import { formBody, formType, type Placeholders, placeholders } from "./placeholders.ts";

/**
 * Makes a suite of a hurl file: a check of every entry. Entries that use what an earlier one captured are
 * left out, since checks run side by side; a flow in TypeScript can do that.
 *
 * @throws {SyntaxError} when it is no hurl file.
 */
export function importHurl(text: string): Imported {
  const texts = placeholders();
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
    return [checkOf(entry, texts, note)];
  });
  const declared = Object.keys(texts.env).length === 0 ? {} : { env: texts.env };
  return { suite: { name: "hurl", ...declared, checks: withUniqueNames(checks) }, unmapped };
}

type Note = (line: number, why: string) => void;

function checkOf(entry: HurlEntry, texts: Placeholders, note: Note): HttpDraft {
  const noteHere = (why: string) => note(entry.line, why);
  // Without the query, which may hold a login.
  const name = `${entry.method} ${entry.url.split("?", 1)[0]}`;
  const check: HttpDraft = { name, url: urlOf(entry, texts, noteHere) };
  if (entry.method !== "GET") {
    check.method = entry.method;
    if (entry.method !== "HEAD") {
      check.mutating = true;
      note(entry.line, `${entry.method} may change something: write a cleanUp`);
    }
  }
  const headers = entry.headers.map(({ line, text }) => {
    const [name, value] = pairOf(text);
    return [name, texts.value(name, value, (why) => note(line, why))];
  });
  const { body, type } = bodyOf(entry, texts, noteHere);
  if (body !== undefined) check.body = body;
  const typed = headers.some(([name]) => name?.toLowerCase() === "content-type");
  if (type !== undefined && !typed) headers.push(["content-type", type]);
  if (headers.length > 0) check.headers = Object.fromEntries(headers);
  const options = optionsOf(entry.sections.Options ?? [], note);
  if (Object.keys(options.retry).length > 0)
    check.retry = { on: ["network", "timeout", "unavailable", "unhealthy", "assertion"], ...options.retry };
  if (options.timeout !== undefined) check.timeout = options.timeout;
  for (const section of ["Multipart", "MultipartFormData", "Cookies"]) {
    for (const { line } of entry.sections[section] ?? []) note(line, `there is no place for [${section}]`);
  }
  for (const { line } of entry.sections.BasicAuth ?? []) {
    note(line, "the login is left out: add a header authorization whose value comes from env");
  }
  const expect = expectationOf(entry, texts.fill, note);
  if (Object.keys(expect).length > 0) check.expect = expect;
  return check;
}

function expectationOf(entry: HurlEntry, fill: Placeholders["fill"], note: Note): Draft<HttpExpectation> {
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

function urlOf(entry: HurlEntry, texts: Placeholders, note: (why: string) => void): string {
  const query = [...(entry.sections.Query ?? []), ...(entry.sections.QueryStringParams ?? [])];
  const pairs = query.map(({ text }) => valuesOf(text, texts, note));
  const url = texts.url(entry.url, note);
  if (pairs.length === 0) return url;
  return `${url}${url.includes("?") ? "&" : "?"}${formBody(pairs)}`;
}

function valuesOf(text: string, texts: Placeholders, note: (why: string) => void): [string, string] {
  const [name, value] = pairOf(text);
  return [texts.fill(name), texts.value(name, value, note)];
}

function optionsOf(lines: readonly HurlLine[], note: Note) {
  const retry: Draft<RetryPolicy> = {};
  let timeout: string | undefined;
  for (const { line, text } of lines) {
    const [name, value] = pairOf(text);
    const time = /^\d+$/.test(value) ? `${value}ms` : value;
    if (name === "retry" && Number(value) >= -1) {
      if (Number(value) >= 0) retry.limit = Number(value);
      // hurl's own pause.
      retry.every ??= "1s";
    } else if (name === "retry-interval") retry.every = time;
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

/** A body as it is sent, and its content type where hurl would add one. */
function bodyOf(
  { body, sections }: HurlEntry,
  texts: Placeholders,
  note: (why: string) => void,
): { readonly body?: unknown; readonly type?: string } {
  const fields = [...(sections.Form ?? []), ...(sections.FormParams ?? [])];
  if (fields.length > 0)
    return { body: formBody(fields.map(({ text }) => valuesOf(text, texts, note))), type: formType };
  if (body === undefined) return {};
  const plain = body.replace(/^```[\w,-]*\n?|\n?```$/g, "").trim();
  const parsed = parseJson(plain);
  if (parsed.found) return { body: texts.json(parsed.value, note) };
  // With what makes it JSON still to be filled in it is sent as a text.
  const json = /^```json|^\s*[{[]/.test(body);
  return { body: texts.fill(plain), ...(json ? { type: "application/json" } : {}) };
}

function uses(entry: HurlEntry, name: string): boolean {
  const pattern = new RegExp(`\\{\\{\\s*${name.replace(/\W/g, "\\$&")}\\s*\\}\\}`);
  return pattern.test(JSON.stringify(entry));
}

import { parseJson } from "../checks/judge-answer.ts";
import type { HttpExpectation } from "../definition/http-checks.ts";
import {
  type Draft,
  type HttpDraft,
  type Imported,
  type Note,
  type Unmapped,
  withUniqueNames,
} from "./imported.ts";
import { formBody, formType, type Placeholders, placeholders } from "./placeholders.ts";
import { type Auth, enabled, type Item, isCollection, type Request, scripts } from "./postman-collection.ts";
import { addPostmanScript } from "./postman-script.ts";

/**
 * Makes a suite of a Postman collection (format 2): a check of every request, with the expectations that
 * its test scripts write in the usual ways. Logins are not copied.
 *
 * @throws {TypeError} when it is no collection.
 */
export function importPostman(document: unknown): Imported {
  if (!isCollection(document)) throw new TypeError("this is not a Postman collection: it has no item list");
  const values = Object.fromEntries(
    (document.variable ?? []).map(({ key, value }) => [key, String(value ?? "")]),
  );
  const texts = placeholders(values);
  const unmapped: Unmapped[] = [];
  const visit = (folder: Item, path: readonly string[], inherited: Auth | undefined): HttpDraft[] => {
    const note: Note = (why) => unmapped.push({ where: path.join(" / ") || "the collection", why });
    for (const { listen, text } of scripts(folder)) {
      if (text.trim() !== "") note(`there is no place for a ${listen} script of a folder`);
    }
    return (folder.item ?? []).flatMap((item) => {
      const inside = [...path, item.name ?? "unnamed"];
      const auth = item.auth ?? inherited;
      if (item.item !== undefined) return visit(item, inside, auth);
      const name = inside.join(" / ");
      return checkOf(item, name, auth, texts, (why) => unmapped.push({ where: name, why })) ?? [];
    });
  };
  const checks = withUniqueNames(visit(document, [], document.auth));
  const declared = Object.keys(texts.env).length === 0 ? {} : { env: texts.env };
  return { suite: { name: document.info?.name ?? "postman", ...declared, checks }, unmapped };
}

function checkOf(
  item: Item,
  name: string,
  inherited: Auth | undefined,
  texts: Placeholders,
  note: Note,
): HttpDraft | undefined {
  const request: Request = typeof item.request === "string" ? { url: item.request } : (item.request ?? {});
  const url = urlOf(request, texts, note);
  if (url === undefined) {
    note("it has no URL");
    return undefined;
  }
  const check: HttpDraft = { name, url };
  const method = (request.method ?? "GET").toUpperCase();
  if (method !== "GET") {
    check.method = method;
    if (method !== "HEAD") {
      check.mutating = true;
      note(`${method} may change something: write a cleanUp`);
    }
  }
  const headers: Record<string, string> = {
    ...authHeader(request.auth ?? inherited, texts, note),
    ...Object.fromEntries(
      enabled(request.header).map(({ key, value }) => [key, texts.value(key, String(value ?? ""), note)]),
    ),
  };
  addBody(check, headers, request.body, texts, note);
  if (Object.keys(headers).length > 0) check.headers = headers;
  const expect: Draft<HttpExpectation> = {};
  for (const { listen, text } of scripts(item)) {
    if (listen === "test") for (const why of addPostmanScript(text, expect)) note(why);
    else if (text.trim() !== "") note(`there is no place for a ${listen} script`);
  }
  if (Object.keys(expect).length > 0) check.expect = expect;
  return check;
}

function urlOf({ url }: Request, texts: Placeholders, note: Note): string | undefined {
  const raw = typeof url === "string" ? url : url?.raw;
  if (raw === undefined || raw === "") return undefined;
  const parts = new Map(
    (typeof url === "string" ? [] : (url?.variable ?? [])).map(({ key, value }) => [
      key,
      String(value ?? ""),
    ]),
  );
  const filled = raw.replace(/\/:(\w+)/g, (whole, key: string) => {
    const value = parts.get(key);
    if (value === undefined || value === "") {
      note(`the path has :${key}, and the collection gives no value`);
      return whole;
    }
    return `/${value}`;
  });
  return texts.url(/^(?:https?:|\{\{)/.test(filled) ? filled : `http://${filled}`, note);
}

/** A bearer token that is a variable stays one; every other login has to be written by hand. */
function authHeader(auth: Auth | undefined, texts: Placeholders, note: Note): Record<string, string> {
  if (auth?.type === undefined || auth.type === "noauth") return {};
  const [token] = auth.bearer ?? [];
  if (auth.type === "bearer" && /^\{\{[^}]+\}\}$/.test(String(token?.value ?? ""))) {
    return { authorization: `Bearer ${texts.fill(String(token?.value))}` };
  }
  note(`its login (${auth.type}) is left out: add a header authorization whose value comes from env`);
  return {};
}

function addBody(
  check: HttpDraft,
  headers: Record<string, string>,
  body: Request["body"],
  texts: Placeholders,
  note: Note,
): void {
  const typed = (type: string) => {
    if (!Object.keys(headers).some((key) => key.toLowerCase() === "content-type"))
      headers["content-type"] = type;
  };
  if (body?.mode === "raw" && body.raw) {
    const parsed = parseJson(body.raw);
    check.body = parsed.found ? texts.json(parsed.value, note) : texts.fill(body.raw);
    if (!parsed.found && /^\s*[{[]/.test(body.raw)) typed("application/json");
  } else if (body?.mode === "urlencoded") {
    const pairs = enabled(body.urlencoded).map(({ key, value }) => {
      return [texts.fill(key), texts.value(key, String(value ?? ""), note)] as const;
    });
    check.body = formBody(pairs);
    typed(formType);
  } else if (body?.mode !== undefined && body.mode !== "raw") {
    note(`there is no place for a body of the sort ${body.mode}`);
  }
}

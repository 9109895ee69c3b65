import type { HttpExpectation } from "../definition/http-checks.ts";
import {
  type Draft,
  type HttpDraft,
  type Imported,
  placeholders,
  type Unmapped,
  withUniqueNames,
} from "./imported.ts";
import { addPostmanScript } from "./postman-script.ts";

interface Item {
  readonly name?: string;
  readonly item?: readonly Item[];
  readonly request?: Request | string;
  readonly event?: readonly {
    readonly listen: string;
    readonly script?: { readonly exec?: string | readonly string[] };
  }[];
}

interface Request {
  readonly method?: string;
  readonly url?: string | { readonly raw?: string };
  readonly header?: readonly { readonly key: string; readonly value: string; readonly disabled?: boolean }[];
  readonly body?: { readonly mode?: string; readonly raw?: string };
  readonly auth?: { readonly type?: string };
}

interface Collection {
  readonly info?: { readonly name?: string; readonly schema?: string };
  readonly item: readonly Item[];
  readonly variable?: readonly { readonly key: string; readonly value?: unknown }[];
  readonly auth?: { readonly type?: string };
}

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
  const { env, fill } = placeholders(values);
  const unmapped: Unmapped[] = [];
  const visit = (items: readonly Item[], folder: readonly string[]): HttpDraft[] =>
    items.flatMap((item) => {
      const path = [...folder, item.name ?? "unnamed"];
      if (item.item !== undefined) return visit(item.item, path);
      const name = path.join(" / ");
      const check = checkOf(item, name, document, fill, (why) => unmapped.push({ where: name, why }));
      return check === undefined ? [] : [check];
    });
  const checks = withUniqueNames(visit(document.item, []));
  const declared = Object.keys(env).length === 0 ? {} : { env };
  return { suite: { name: document.info?.name ?? "postman", ...declared, checks }, unmapped };
}

function isCollection(value: unknown): value is Collection {
  return typeof value === "object" && value !== null && "item" in value && Array.isArray(value.item);
}

function checkOf(
  item: Item,
  name: string,
  collection: Collection,
  fill: (text: string) => string,
  note: (why: string) => void,
): HttpDraft | undefined {
  const request: Request = typeof item.request === "string" ? { url: item.request } : (item.request ?? {});
  const raw = typeof request.url === "string" ? request.url : request.url?.raw;
  if (raw === undefined || raw === "") {
    note("it has no URL");
    return undefined;
  }
  const check: HttpDraft = { name, url: fill(/^(?:https?:|\{\{)/.test(raw) ? raw : `http://${raw}`) };
  const method = (request.method ?? "GET").toUpperCase();
  if (method !== "GET") {
    check.method = method;
    if (method !== "HEAD") {
      check.mutating = true;
      note(`${method} may change something: write a cleanUp`);
    }
  }
  const headers = (request.header ?? []).filter(({ disabled }) => disabled !== true);
  if (headers.length > 0)
    check.headers = Object.fromEntries(headers.map(({ key, value }) => [key, fill(value)]));
  if (request.body?.mode === "raw" && request.body.raw) check.body = fill(request.body.raw);
  else if (request.body?.mode !== undefined)
    note(`there is no place for a body of the sort ${request.body.mode}`);
  const auth = request.auth ?? collection.auth;
  if (auth?.type !== undefined && auth.type !== "noauth") {
    note(`its login (${auth.type}) is left out: add a header authorization whose value comes from env`);
  }
  const expect: Draft<HttpExpectation> = {};
  for (const { listen, script } of item.event ?? []) {
    const text = [script?.exec ?? ""].flat().join("\n");
    if (listen === "test") for (const why of addPostmanScript(text, expect)) note(why);
    else if (text.trim() !== "") note(`there is no place for a ${listen} script`);
  }
  if (Object.keys(expect).length > 0) check.expect = expect;
  return check;
}

import { type HttpDraft, type Imported, type Unmapped, withUniqueNames } from "./imported.ts";

interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly required?: boolean;
  readonly example?: unknown;
  readonly schema?: { readonly default?: unknown; readonly example?: unknown };
}

interface Operation {
  readonly summary?: string;
  readonly parameters?: readonly Parameter[];
  readonly security?: readonly unknown[];
  readonly responses?: Readonly<Record<string, { readonly content?: Readonly<Record<string, unknown>> }>>;
}

interface Document {
  readonly openapi?: string;
  readonly swagger?: string;
  readonly servers?: readonly { readonly url: string }[];
  readonly security?: readonly unknown[];
  readonly paths?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

const methods = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];
const healthPath = /\/(?:healthz?|livez|readyz|ready|live|status|ping)$/i;

/**
 * Makes a check of every GET path of an OpenAPI document (2 and 3) that can be asked without knowing
 * anything: no path parameters, and an example or a default for every parameter that is required.
 *
 * @throws {TypeError} when it is no OpenAPI document.
 */
export function importOpenapi(document: unknown): Imported {
  if (!isDocument(document)) throw new TypeError("this is not an OpenAPI document: it has no paths");
  const unmapped: Unmapped[] = [];
  const checks = Object.entries(document.paths ?? {}).flatMap(([path, item]) =>
    methods.flatMap((method) => {
      const operation = item[method] as Operation | undefined;
      if (operation === undefined) return [];
      const where = `${method.toUpperCase()} ${path}`;
      const shared = (item.parameters ?? []) as readonly Parameter[];
      const why = reasonNot(method, path, operation, shared, document);
      if (why === undefined) return [checkOf(path, operation, shared)];
      unmapped.push({ where, why });
      return [];
    }),
  );
  const server = document.servers
    ?.map(({ url }) => url)
    .find((url) => URL.canParse(url) && !url.includes("{"));
  const known = server === undefined ? undefined : server.replace(/\/+$/, "");
  return {
    suite: {
      name: "openapi",
      ...(known === undefined ? { env: { API_URL: "plain" } } : {}),
      services: { api: { address: known ?? "${" + "API_URL}" } },
      checks: withUniqueNames(checks),
    },
    unmapped,
  };
}

function isDocument(value: unknown): value is Document {
  if (typeof value !== "object" || value === null) return false;
  return ("openapi" in value || "swagger" in value) && "paths" in value && typeof value.paths === "object";
}

function reasonNot(
  method: string,
  path: string,
  operation: Operation,
  shared: readonly Parameter[],
  document: Document,
): string | undefined {
  if (method !== "get")
    return method === "head" ? "HEAD is left out: GET shows more" : "it may change something";
  if (path.includes("{")) return "its path has parameters";
  const missing = needed(operation, shared).filter((parameter) => exampleOf(parameter) === undefined);
  if (missing.length > 0) {
    return `it needs ${missing.map(({ name }) => name).join(", ")}, and the document gives no example`;
  }
  const security = operation.security ?? document.security ?? [];
  if (security.length > 0 && !security.some((one) => Object.keys(one as object).length === 0)) {
    return "it needs a login: add it by hand, with a header whose value comes from env";
  }
  return undefined;
}

function checkOf(path: string, operation: Operation, shared: readonly Parameter[]): HttpDraft {
  const [code, response] =
    Object.entries(operation.responses ?? {}).find(([status]) => /^2\d\d$/.test(status)) ?? [];
  const types = Object.keys(response?.content ?? {});
  const values = needed(operation, shared).filter((parameter) => parameter.in === "query");
  const query = new URLSearchParams(
    values.map((parameter) => [parameter.name, String(exampleOf(parameter))]),
  );
  const expect = {
    ...(code === undefined || code === "200" ? {} : { status: Number(code) }),
    ...(types.length === 1 && !types[0]!.includes("*") ? { type: types[0]! } : {}),
    ...(healthPath.test(path) && types.includes("application/json") ? { health: true } : {}),
  };
  const headers = needed(operation, shared).filter((parameter) => parameter.in === "header");
  return {
    name: operation.summary ?? `GET ${path}`,
    path: query.size === 0 ? path : `${path}?${query}`,
    ...(headers.length === 0
      ? {}
      : { headers: Object.fromEntries(headers.map((one) => [one.name, String(exampleOf(one))])) }),
    ...(Object.keys(expect).length === 0 ? {} : { expect }),
  };
}

function needed({ parameters = [] }: Operation, shared: readonly Parameter[]): Parameter[] {
  return [...shared, ...parameters].filter(({ required }) => required === true);
}

function exampleOf({ example, schema }: Parameter): unknown {
  return example ?? schema?.example ?? schema?.default;
}

import { type HttpDraft, type Imported, type Unmapped, withUniqueNames } from "./imported.ts";
import { type OpenapiDocument, openapiAddress, resolveReference } from "./openapi-document.ts";

interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly required?: boolean;
  readonly example?: unknown;
  readonly examples?: Readonly<Record<string, { readonly value?: unknown }>>;
  readonly default?: unknown;
  readonly schema?: { readonly default?: unknown; readonly example?: unknown };
}

interface Operation {
  readonly summary?: string;
  readonly parameters?: readonly unknown[];
  readonly security?: readonly unknown[];
  readonly produces?: readonly string[];
  readonly responses?: Readonly<Record<string, unknown>>;
}

const methods = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];
const healthPath = /\/(?:healthz?|livez|readyz|ready|live|status|ping)$/i;

/**
 * Makes a check of every GET path of an OpenAPI document (2 and 3) that can be asked without knowing
 * anything: no path parameters, and an example or a default for every parameter that is required.
 *
 * @throws {TypeError} when it is no OpenAPI document.
 */
export function importOpenapi(value: unknown): Imported {
  if (!isDocument(value)) throw new TypeError("this is not an OpenAPI document: it has no paths");
  const document: OpenapiDocument = value;
  const unmapped: Unmapped[] = [];
  const checks = Object.entries(document.paths ?? {}).flatMap(([path, at]) => {
    const item = resolveReference(at, document) as Readonly<Record<string, unknown>> | undefined;
    if (item === undefined) {
      unmapped.push({ where: path, why: "what it says is empty, or in another file" });
      return [];
    }
    return methods.flatMap((method) => {
      const operation = item[method] as Operation | undefined | null;
      if (operation === undefined || operation === null) return [];
      const where = `${method.toUpperCase()} ${path}`;
      const parameters = [item.parameters, operation.parameters].flatMap((list) =>
        Array.isArray(list)
          ? list.map((one) => resolveReference(one, document) as Parameter | undefined)
          : [],
      );
      const why = reasonNot(method, path, operation, parameters, document);
      if (why === undefined) return [checkOf(path, operation, parameters.filter(isNeeded), document)];
      unmapped.push({ where, why });
      return [];
    });
  });
  const address = openapiAddress(document);
  return {
    suite: {
      name: "openapi",
      ...(address.includes("${") ? { env: { API_URL: "plain" } } : {}),
      services: { api: { address } },
      checks: withUniqueNames(checks),
    },
    unmapped,
  };
}

function isDocument(value: unknown): value is OpenapiDocument {
  if (typeof value !== "object" || value === null) return false;
  return ("openapi" in value || "swagger" in value) && "paths" in value && typeof value.paths === "object";
}

function reasonNot(
  method: string,
  path: string,
  operation: Operation,
  parameters: readonly (Parameter | undefined)[],
  document: OpenapiDocument,
): string | undefined {
  if (method !== "get")
    return method === "head" ? "HEAD is left out: GET shows more" : "it may change something";
  if (path.includes("{")) return "its path has parameters";
  if (parameters.includes(undefined)) return "one of its parameters is in another file";
  const missing = parameters.filter(isNeeded).filter((parameter) => exampleOf(parameter) === undefined);
  if (missing.length > 0) {
    return `it needs ${missing.map(({ name }) => name).join(", ")}, and the document gives no example`;
  }
  const security = operation.security ?? document.security ?? [];
  if (security.length > 0 && !security.some((one) => Object.keys(one as object).length === 0)) {
    return "it needs a login: add it by hand, with a header whose value comes from env";
  }
  return undefined;
}

function checkOf(
  path: string,
  operation: Operation,
  needed: readonly Parameter[],
  document: OpenapiDocument,
): HttpDraft {
  const responses = Object.entries(operation.responses ?? {});
  const [code, at] =
    responses.find(([status]) => /^2(?:\d\d|XX)$/i.test(status)) ??
    responses.find(([status]) => /^3\d\d$/.test(status)) ??
    [];
  const response = (resolveReference(at, document) ?? {}) as { readonly content?: object };
  // Version 2 says it of the operation, or of the whole document.
  const types = (
    response.content === undefined
      ? (operation.produces ?? document.produces ?? [])
      : Object.keys(response.content)
  ).map((type) => type.split(";")[0]!.trim().toLowerCase());
  const parametersIn = (place: string) => needed.filter((parameter) => parameter.in === place);
  const pairs = (place: string) =>
    parametersIn(place).map((one) => [one.name, String(exampleOf(one))] as const);
  const query = new URLSearchParams(pairs("query").map(([name, value]) => [name, value]));
  const headers = Object.fromEntries(pairs("header"));
  const status = /^\d\d\d$/.test(code ?? "") ? Number(code) : 200;
  const expect = {
    ...(status === 200 ? {} : { status }),
    ...(types.length === 1 && !types[0]!.includes("*") ? { type: types[0]! } : {}),
    ...(healthPath.test(path) && types.includes("application/json") ? { health: true } : {}),
  };
  return {
    name: operation.summary ?? `GET ${path}`,
    path: query.size === 0 ? path : `${path}?${query}`,
    ...(Object.keys(headers).length === 0 ? {} : { headers }),
    ...(Object.keys(expect).length === 0 ? {} : { expect }),
  };
}

function isNeeded(parameter: Parameter | undefined): parameter is Parameter {
  return parameter?.required === true;
}

function exampleOf({ example, examples = {}, schema, default: fallback }: Parameter): unknown {
  const [first] = Object.values(examples);
  return example ?? first?.value ?? schema?.example ?? schema?.default ?? fallback;
}

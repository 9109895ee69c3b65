import type { Route } from "./route.ts";

/** The endpoint that describes the others, as OpenAPI. */
export function openapiRoute(version: string, routes: readonly Route[]): Route {
  return {
    method: "GET",
    path: "/openapi.json",
    summary: "This description",
    answer: () => ({ json: { openapi: "3.1.0", info: { title: "Shop", version }, paths: pathsOf(routes) } }),
  };
}

function pathsOf(routes: readonly Route[]): Record<string, Record<string, unknown>> {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const { method, path, summary } of routes) {
    const key = path.replaceAll(/:(\w+)/g, "{$1}");
    const parameters = [...path.matchAll(/:(\w+)/g)].map(([, name]) => ({
      name,
      in: "path",
      required: true,
      schema: { type: "integer" },
    }));
    paths[key] ??= {};
    paths[key][method.toLowerCase()] = {
      summary,
      ...(parameters.length === 0 ? {} : { parameters }),
      responses: { default: { description: "JSON" } },
    };
  }
  return paths;
}

import type { Route } from "../../target.ts";
import { isRecord } from "../json-file.ts";
import { type RoundRobin, roundRobin } from "./round-robin.ts";

/** The routes in force, ready to be asked. Replaced as a whole, never changed. */
export interface RouteTable {
  readonly routes: readonly Route[];
  /** The route with the longest path that the request's path is at or below. */
  match(path: string): { readonly service: string; readonly backends: RoundRobin } | undefined;
}

/** Makes the table for a list of routes. */
export function routeTable(routes: readonly Route[]): RouteTable {
  const entries = routes
    .map(({ service, path, backends }) => ({
      service,
      prefix: trimSlash(path),
      backends: roundRobin(backends),
    }))
    .sort((a, b) => b.prefix.length - a.prefix.length);
  return {
    routes,
    match: (path) => entries.find(({ prefix }) => path === prefix || path.startsWith(`${prefix}/`)),
  };
}

/**
 * Reads routes from JSON that came from outside.
 *
 * @throws {RangeError} naming what is wrong: no list, a path without a slash, two services at one path, a
 *   backend without an http address, a weight that is no number from 0 on.
 */
export function readRoutes(value: unknown): Route[] {
  if (!Array.isArray(value)) throw new RangeError("routes are not a list");
  const routes = value.map(readRoute);
  const seen = new Map<string, string>();
  for (const { path, service } of routes) {
    const other = seen.get(trimSlash(path));
    if (other !== undefined)
      throw new RangeError(`services "${other}" and "${service}" both take path "${path}"`);
    seen.set(trimSlash(path), service);
  }
  return routes;
}

function readRoute(value: unknown): Route {
  if (!isRecord(value)) throw new RangeError("a route is not an object");
  const { service, path, backends } = value;
  if (typeof service !== "string" || service === "") throw new RangeError("a route has no service");
  if (typeof path !== "string" || !path.startsWith("/"))
    throw new RangeError(`service "${service}" has no path that begins with /`);
  if (!Array.isArray(backends)) throw new RangeError(`service "${service}" has no list of backends`);
  return { service, path, backends: backends.map((backend: unknown) => readBackend(service, backend)) };
}

function readBackend(service: string, value: unknown): Route["backends"][number] {
  const { instance, address, weight } = isRecord(value) ? value : {};
  if (typeof instance !== "string" || instance === "")
    throw new RangeError(`a backend of service "${service}" has no instance`);
  if (typeof address !== "string" || !/^http:\/\/[^/?#@]+$/.test(address) || !URL.canParse(address)) {
    throw new RangeError(`instance "${instance}" has no address like http://127.0.0.1:4711`);
  }
  if (typeof weight !== "number" || !Number.isFinite(weight) || weight < 0) {
    throw new RangeError(`instance "${instance}" has no weight from 0 on`);
  }
  return { instance, address, weight };
}

function trimSlash(path: string): string {
  return path.replace(/\/+$/, "");
}

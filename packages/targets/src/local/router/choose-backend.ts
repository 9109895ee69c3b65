import type { Backend } from "../../target.ts";
import type { Refusal } from "./refusal.ts";
import { pathOf } from "./request-target.ts";
import type { RoundRobin } from "./round-robin.ts";
import type { RouteTable } from "./route-table.ts";

/** Where a request goes, or why it goes nowhere. */
export type Choice =
  | { readonly backend: Backend; readonly others: RoundRobin; readonly refusal?: never }
  | { readonly backend?: never; readonly others?: never; readonly refusal: Refusal };

/** Chooses the backend for a request target. */
export function chooseBackend(table: RouteTable, target: string): Choice {
  const route = table.match(pathOf(target));
  if (route === undefined && table.routes.length > 0) {
    return { refusal: { status: 404, error: "NO_ROUTE", message: "No service takes this path" } };
  }
  const backend = route?.backends.next();
  if (route !== undefined && backend !== undefined) return { backend, others: route.backends };
  const message =
    route === undefined
      ? "No release takes traffic yet"
      : `Service "${route.service}" has no instance that takes traffic`;
  return { refusal: { status: 503, error: "NO_BACKEND", message } };
}

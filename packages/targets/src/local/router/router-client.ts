import { SlipwayError } from "@slipway/kernel";
import type { Route, TrafficState } from "../../target.ts";
import { askHttp, describeFailure } from "../ask-http.ts";
import type { RouterAccess } from "./router-files.ts";

const ASK_MS = 5000;

/** @throws {SlipwayError} ROUTER_FAILED when the router does not answer. */
export function askRouter(access: RouterAccess, signal?: AbortSignal): Promise<TrafficState> {
  return ask(access, "GET", "/status", undefined, signal);
}

/**
 * Replaces the router's routes.
 *
 * @returns the router's own account after the change.
 * @throws {SlipwayError} ROUTER_FAILED when it does not answer, refuses, or says that it serves other routes.
 */
export async function sendRoutes(
  access: RouterAccess,
  routes: readonly Route[],
  signal?: AbortSignal,
): Promise<TrafficState> {
  await ask(access, "PUT", "/routes", JSON.stringify({ routes }), signal);
  const state = await askRouter(access, signal);
  if (JSON.stringify(state.routes.map(plain)) === JSON.stringify(routes.map(plain))) return state;
  throw new SlipwayError("ROUTER_FAILED", {
    what: "The router serves other routes than it was given",
    why: "another run changed them at the same time",
  });
}

async function ask(
  { admin, token }: RouterAccess,
  method: string,
  path: string,
  body: string | undefined,
  signal?: AbortSignal,
) {
  const what = method === "PUT" ? "Cannot change the router's routes" : "Cannot ask the router for its state";
  let answer: Awaited<ReturnType<typeof askHttp>>;
  try {
    answer = await askHttp(admin + path, {
      method,
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      timeoutMs: ASK_MS,
      signal,
      ...(body === undefined ? {} : { body }),
    });
  } catch (cause) {
    signal?.throwIfAborted();
    throw new SlipwayError("ROUTER_FAILED", { what, why: describeFailure(cause), cause });
  }
  if (answer.status === 200) return JSON.parse(answer.body) as TrafficState;
  throw new SlipwayError("ROUTER_FAILED", {
    what,
    why: `it answered ${answer.status} ${answer.body.trim()}`,
  });
}

// The same keys in the same order, so that two accounts of one route compare as text.
function plain({ service, path, backends }: Route) {
  return [service, path, backends.map(({ instance, address, weight }) => [instance, address, weight])];
}

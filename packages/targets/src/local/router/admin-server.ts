import { timingSafeEqual } from "node:crypto";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { Route, TrafficState } from "../../target.ts";
import { refuse } from "./refusal.ts";
import { readRoutes } from "./route-table.ts";

/** What the admin API shows and changes. */
export interface Administered {
  status(): TrafficState;
  /** Stores the routes, then serves them. */
  replace(routes: Route[]): void;
}

const LIMIT_BYTES = 4 * 1024 * 1024;

/**
 * Makes the admin API: `GET /status`, and `PUT /routes` with `{"routes": […]}`, which answers with the new
 * status. Every request needs the bearer token.
 */
export function adminServer(token: string, router: Administered): Server {
  return createServer(async (request, response) => {
    if (!isAuthorized(request, token))
      return refuse(response, { status: 401, error: "UNAUTHORIZED", message: "The bearer token is wrong" });
    try {
      if (request.method === "PUT" && request.url === "/routes")
        router.replace(await requestedRoutes(request));
      else if (request.method !== "GET" || request.url !== "/status") {
        return refuse(response, {
          status: 404,
          error: "UNKNOWN",
          message: `There is no ${request.method} ${request.url}`,
        });
      }
      response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(router.status()));
    } catch (error) {
      const wrong = error instanceof RangeError || error instanceof SyntaxError;
      const message = error instanceof Error ? error.message : String(error);
      refuse(response, {
        status: wrong ? 400 : 500,
        error: wrong ? "ROUTES_INVALID" : "ROUTES_NOT_STORED",
        message,
      });
    }
  });
}

function isAuthorized({ headers }: IncomingMessage, token: string): boolean {
  const given = Buffer.from(headers.authorization ?? "");
  const wanted = Buffer.from(`Bearer ${token}`);
  return given.length === wanted.length && timingSafeEqual(given, wanted);
}

async function requestedRoutes(request: IncomingMessage): Promise<Route[]> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > LIMIT_BYTES) throw new RangeError(`more than ${LIMIT_BYTES} bytes of routes`);
    chunks.push(chunk);
  }
  const body = JSON.parse(Buffer.concat(chunks).toString("utf8")) as { routes?: unknown } | null;
  return readRoutes(body?.routes);
}

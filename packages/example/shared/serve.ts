import { createServer, type IncomingMessage } from "node:http";
import type { Shop } from "./database.ts";
import type { Stamp } from "./stamp.ts";

/** An answer: JSON, or a page. */
export interface Answer {
  readonly status: number;
  readonly body: unknown;
  readonly html?: boolean;
}

/** A request, as a route sees it. */
export interface Asked {
  /** The parts of the path that the route's pattern names. */
  readonly params: Readonly<Record<string, string>>;
  /** The JSON body; `undefined` without one. */
  readonly body: unknown;
}

/** One route: `GET /products/:id`. */
export type Routes = Readonly<Record<string, (asked: Asked) => Promise<Answer>>>;

/** What a service consists of. */
export interface Service {
  readonly stamp: Stamp;
  readonly shop: Shop;
  /** The service is ready once the schema has this migration. */
  readonly needs: string;
  readonly routes: Routes;
}

/** Thrown by a route for a request that is wrong. */
export class BadRequest extends Error {}

const MAX_BODY_BYTES = 64 * 1024;

/** Serves until SIGTERM; then answers what is under way and ends. */
export function serve({ stamp, shop, needs, routes }: Service): void {
  const contract: Routes = {
    "GET /healthz": async () => ({ status: 200, body: { status: "ok" } }),
    "GET /readyz": async () => {
      const ready = await shop.isReady(needs).catch(() => false);
      return { status: ready ? 200 : 503, body: { status: ready ? "ready" : "not ready" } };
    },
    "GET /meta": async () => ({ status: 200, body: stamp }),
  };
  const table = Object.entries({ ...contract, ...routes }).map(([pattern, route]) => ({
    ...compile(pattern),
    route,
  }));

  const server = createServer(async (request, response) => {
    const { status, body, html = false } = await answer(request);
    response.writeHead(status, {
      "content-type": html ? "text/html; charset=utf-8" : "application/json",
      ...(status === 503 ? { "retry-after": "1" } : {}),
    });
    response.end(html ? String(body) : JSON.stringify(body));
  });

  async function answer(request: IncomingMessage): Promise<Answer> {
    const { pathname } = new URL(request.url ?? "/", "http://local");
    for (const { method, path, route } of table) {
      const found = request.method === method ? path.exec(pathname) : null;
      if (found === null) continue;
      try {
        return await route({ params: found.groups ?? {}, body: await readBody(request) });
      } catch (error) {
        return failure(error);
      }
    }
    return { status: 404, body: { error: "not found" } };
  }

  server.listen(Number(process.env.PORT), "127.0.0.1", () =>
    console.log(`${stamp.service} ${stamp.version} listens on ${process.env.PORT}`),
  );
  process.on("SIGTERM", () => {
    server.close(() => void shop.end().then(() => process.exit(0)));
    server.closeIdleConnections();
  });
}

/** A whole number from a path or a body, or a clear refusal. */
export function wholeNumber(
  value: unknown,
  name: string,
  { min, max }: { min: number; max: number },
): number {
  const number = typeof value === "string" && /^\d{1,9}$/.test(value) ? Number(value) : value;
  if (typeof number === "number" && Number.isInteger(number) && number >= min && number <= max) return number;
  throw new BadRequest(`${name} must be a whole number from ${min} to ${max}`);
}

function compile(pattern: string): { method: string; path: RegExp } {
  const [method = "", path = ""] = pattern.split(" ");
  return { method, path: new RegExp(`^${path.replaceAll(/:(\w+)/g, "(?<$1>[^/]+)")}/?$`) };
}

function failure(error: unknown): Answer {
  if (error instanceof BadRequest) return { status: 400, body: { error: error.message } };
  console.error(error);
  // The database is what fails in this shop: away for a moment, or for good. Either way the client may come back.
  return { status: 503, body: { error: "the database does not answer" } };
}

async function readBody(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_BODY_BYTES) throw new BadRequest("the body is too large");
    chunks.push(chunk);
  }
  if (size === 0) return undefined;
  try {
    return JSON.parse(Buffer.concat(chunks).toString("utf8"));
  } catch {
    throw new BadRequest("the body is not JSON");
  }
}

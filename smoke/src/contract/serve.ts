import type { Contract, ContractAnswer } from "./contract.ts";

/** The part of Node's request and response that is used; Express has the same. */
interface NodeRequest {
  readonly method?: string | undefined;
  readonly url?: string | undefined;
}
interface NodeResponse {
  writeHead(status: number, headers: Readonly<Record<string, string>>): unknown;
  end(body?: string): unknown;
}

/** The part of a Hono context that is used. */
interface HonoContext {
  readonly req: { readonly raw: Request };
}

const headers = { "content-type": "application/json; charset=utf-8", "cache-control": "no-store" };

/**
 * For `Deno.serve`, edge functions, and everything else that has `Request` and `Response`.
 *
 * @example
 * Deno.serve(async (request) => (await respond(contract, request)) ?? app(request));
 */
export async function respond(contract: Contract, request: Request): Promise<Response | undefined> {
  const answer = await answerTo(contract, request.method, new URL(request.url).pathname);
  if (answer === undefined) return undefined;
  const body = request.method === "HEAD" ? null : JSON.stringify(answer.body);
  return new Response(body, { status: answer.status, headers });
}

/**
 * For Node's `http`, and as a middleware for Express: calls `next` for every other path.
 *
 * @returns whether it answered.
 * @example
 * app.use(nodeHandler(contract)); // Express
 * createServer(async (req, res) => (await handle(req, res)) || page(req, res)); // const handle = nodeHandler(contract)
 */
export function nodeHandler(contract: Contract) {
  return async (
    request: NodeRequest,
    response: NodeResponse,
    next?: (error?: unknown) => void,
  ): Promise<boolean> => {
    const path = (request.url ?? "/").split("?", 1)[0]!;
    const answer = await answerTo(contract, request.method ?? "GET", path);
    if (answer === undefined) {
      next?.();
      return false;
    }
    response.writeHead(answer.status, headers);
    response.end(request.method === "HEAD" ? undefined : JSON.stringify(answer.body));
    return true;
  };
}

/**
 * As a middleware for Hono.
 *
 * @example
 * app.use(honoMiddleware(contract));
 */
export function honoMiddleware(contract: Contract) {
  return async (context: HonoContext, next: () => Promise<void>): Promise<Response | undefined> => {
    const response = await respond(contract, context.req.raw);
    if (response === undefined) await next();
    return response;
  };
}

async function answerTo(
  contract: Contract,
  method: string,
  path: string,
): Promise<ContractAnswer | undefined> {
  return method === "GET" || method === "HEAD" ? contract.answer(path) : undefined;
}

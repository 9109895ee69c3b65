import type { IncomingMessage } from "node:http";

/** What a handler is given. */
export interface Call {
  /** Values of the path's `:names`. */
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  /** The request's JSON object. @throws {HttpError} 400 or 413. */
  body(): Promise<Readonly<Record<string, unknown>>>;
}

/** What a handler answers: a JSON value, or an HTML page. */
export type Answer = { readonly status?: number; readonly json: unknown } | { readonly html: string };

/** One endpoint. */
export interface Route {
  readonly method: "GET" | "POST" | "PUT";
  /** `/products/:id` */
  readonly path: string;
  /** One line for people, shown in /openapi.json. */
  readonly summary: string;
  readonly answer: (call: Call) => Answer | Promise<Answer>;
}

/** A route that fits a path, and the values of its names. */
export interface RouteMatch {
  readonly route: Route;
  readonly params: Readonly<Record<string, string>>;
}

/** All routes that fit a path, whatever their method. */
export function matchRoutes(routes: readonly Route[], path: string): RouteMatch[] {
  return routes.flatMap((route) => {
    const params = matchPath(route.path, path);
    return params === null ? [] : [{ route, params }];
  });
}

/** The method that a request is answered as: HEAD is a GET without its body. */
export function methodOf(request: IncomingMessage): string {
  return request.method === "HEAD" ? "GET" : (request.method ?? "");
}

function matchPath(pattern: string, path: string): Record<string, string> | null {
  const wanted = pattern.split("/");
  const found = path.split("/");
  if (wanted.length !== found.length) return null;
  const params: Record<string, string> = {};
  for (const [index, part] of wanted.entries()) {
    if (part.startsWith(":")) params[part.slice(1)] = found[index]!;
    else if (part !== found[index]) return null;
  }
  return params;
}

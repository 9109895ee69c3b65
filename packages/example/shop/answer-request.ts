import type { IncomingMessage, ServerResponse } from "node:http";
import { HttpError } from "./http-error.ts";
import { readBody } from "./input.ts";
import { type Answer, matchRoutes, methodOf, type Route } from "./route.ts";

/** Answers one request by its route. Whatever goes wrong becomes an answer; nothing is thrown. */
export async function answerRequest(
  routes: readonly Route[],
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  try {
    send(response, await findAnswer(routes, request));
  } catch (error) {
    if (error instanceof HttpError) {
      if (error.status === 503) response.setHeader("retry-after", "1");
      return send(response, { status: error.status, json: { error: error.message } });
    }
    console.error(`${request.method} ${request.url} failed:`, error);
    send(response, { status: 500, json: { error: "something went wrong" } });
  }
}

function findAnswer(routes: readonly Route[], request: IncomingMessage): Answer | Promise<Answer> {
  const url = URL.parse(request.url ?? "/", "http://shop.invalid");
  if (url === null) throw new HttpError(400, "the address cannot be read");
  const fitting = matchRoutes(routes, url.pathname);
  if (fitting.length === 0) throw new HttpError(404, "not found");
  const match = fitting.find(({ route }) => route.method === methodOf(request));
  if (match === undefined)
    throw new HttpError(405, `use ${fitting.map(({ route }) => route.method).join(" or ")}`);
  return match.route.answer({
    params: match.params,
    query: url.searchParams,
    body: () => readBody(request),
  });
}

function send(response: ServerResponse, answer: Answer): void {
  const body = "html" in answer ? answer.html : JSON.stringify(answer.json);
  response.writeHead(("status" in answer ? answer.status : undefined) ?? 200, {
    "content-type": `${"html" in answer ? "text/html" : "application/json"}; charset=utf-8`,
    "content-length": Buffer.byteLength(body),
    "cache-control": "no-store",
  });
  response.end(body);
}

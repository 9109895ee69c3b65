import type { IncomingMessage, ServerResponse } from "node:http";
import { createProxyServer } from "httpxy";
import type { Backend } from "../../target.ts";
import { describeFailure } from "../ask-http.ts";
import { chooseBackend } from "./choose-backend.ts";
import { forwardedHeaders, withoutHopByHop } from "./forwarded-headers.ts";
import { refuse } from "./refusal.ts";
import type { Attempt, RequestCounters } from "./request-counters.ts";
import { originForm } from "./request-target.ts";
import type { RouteTable } from "./route-table.ts";

const REPEATABLE = new Set(["GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE"]);
// The client's connection is kept as the client asked for, and who answered is for the router to say.
const BACKENDS_OWN = ["connection", "keep-alive", "proxy-connection", "upgrade", "x-slipway-instance"];

/**
 * Makes the router's request handler: chooses a backend, streams the request there and the answer back. Each
 * request gets a connection of its own to the backend, for a pooled one could be closed by the backend at the
 * very moment it is used again.
 *
 * A request without a body that may be repeated is offered to one other backend when the connection was
 * refused, that is, before anything of it was sent.
 */
export function requestForwarder(table: () => RouteTable, counters: RequestCounters) {
  const attempts = new WeakMap<ServerResponse, Attempt>();
  const proxy = createProxyServer();
  proxy.on("proxyRes", (answer, _request, response) => {
    const attempt = attempts.get(response);
    if (attempt !== undefined) readAnswer(answer, response, attempt);
  });

  async function attemptAt(
    backend: Backend,
    request: IncomingMessage,
    response: ServerResponse,
    headers: Record<string, string>,
  ) {
    const attempt = counters.begin(backend.instance);
    attempts.set(response, attempt);
    try {
      await proxy.web(request, response, { target: backend.address, agent: false, headers });
      return null;
    } catch (error) {
      // A client that went away is not the instance's failure.
      if (!response.destroyed || response.errored !== null) attempt.fail();
      return { attempt, error };
    } finally {
      attempt.end();
    }
  }

  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    request.url = originForm(request.url);
    const { backend, others, refusal } = chooseBackend(table(), request.url);
    if (refusal !== undefined) return refuse(response, refusal);
    const headers = forwardedHeaders(request.headers, request.socket.remoteAddress);
    request.headers = withoutHopByHop(request.headers);
    let failure = await attemptAt(backend, request, response, headers);
    if (failure !== null && mayRepeat(request, response, failure.error)) {
      const other = others.next(backend.instance);
      if (other !== undefined) {
        failure.attempt.retry();
        failure = await attemptAt(other, request, response, headers);
      }
    }
    if (failure === null || response.destroyed) return;
    const message = `Instance "${failure.attempt.instance}": ${describeFailure(failure.error)}`;
    if (response.headersSent) response.destroy();
    else refuse(response, { status: 502, error: "BACKEND_FAILED", message });
  };
}

function readAnswer(answer: IncomingMessage, response: ServerResponse, attempt: Attempt): void {
  // Below 200 is no final answer, and Node would refuse to send it on.
  if ((answer.statusCode ?? 0) < 200) answer.statusCode = 502;
  if ((answer.statusCode ?? 0) >= 500) attempt.fail();
  for (const name of BACKENDS_OWN) delete answer.headers[name];
  // A reason phrase may hold what Node does not send; the standard one takes its place.
  answer.statusMessage = "";
  response.setHeader("x-slipway-instance", attempt.instance);
  const onBreak = () => {
    if (!answer.complete && !response.destroyed) attempt.fail();
  };
  answer.once("error", onBreak);
  answer.once("close", onBreak);
}

function mayRepeat(request: IncomingMessage, response: ServerResponse, error: unknown): boolean {
  const refused = error instanceof Error && "syscall" in error && error.syscall === "connect";
  const hasBody =
    "transfer-encoding" in request.headers || Number(request.headers["content-length"] ?? 0) > 0;
  return (
    refused &&
    !hasBody &&
    REPEATABLE.has(request.method ?? "") &&
    !response.headersSent &&
    !response.destroyed
  );
}

import { Agent, type IncomingMessage, type RequestOptions, request as requestHttp } from "node:http";
import type { Readable } from "node:stream";
import { isCheckFailure } from "../engine/check-failure.ts";
import { networkFailure } from "../engine/network-failure.ts";
import type { HttpAnswer, HttpRequest, HttpTransport } from "../engine/transport.ts";

/**
 * Makes requests with Node's own HTTP client. It does what `fetchTransport` does, and is there for one
 * reason: the first `fetch` of a Node process takes 45 ms to load, which is more than all the rest of a
 * short run. Both pass the same tests.
 */
export function nodeTransport(): HttpTransport {
  const clients = new Map<string, Promise<Start>>();
  return async (request) => {
    const { protocol } = new URL(request.url);
    const client = clients.get(protocol) ?? clientFor(protocol);
    clients.set(protocol, client);
    try {
      return await exchange(request, await client);
    } catch (error) {
      if (request.signal.aborted) throw request.signal.reason;
      throw isCheckFailure(error) ? error : networkFailure(request.url, error);
    }
  };
}

type Start = (url: string, options: RequestOptions) => ReturnType<typeof requestHttp>;

// https is only loaded where something is asked over it.
async function clientFor(protocol: string): Promise<Start> {
  if (protocol !== "https:") {
    const agent = new Agent({ keepAlive: true });
    return (url, options) => requestHttp(url, { ...options, agent });
  }
  const { Agent: SecureAgent, request } = await import("node:https");
  const agent = new SecureAgent({ keepAlive: true });
  return (url, options) => request(url, { ...options, agent });
}

function exchange(request: HttpRequest, start: Start): Promise<HttpAnswer> {
  return new Promise((resolve, reject) => {
    const { method, signal, body } = request;
    const headers = { "accept-encoding": "gzip, deflate, br", ...request.headers };
    const sent = start(request.url, { method, headers, signal });
    sent.once("response", (response) => void readAnswer(response, request).then(resolve, reject));
    sent.once("error", (error: NodeJS.ErrnoException) => {
      // The server closed a kept connection just as it was used again: nobody has seen this request.
      if (sent.reusedSocket && error.code === "ECONNRESET") exchange(request, start).then(resolve, reject);
      else reject(error);
    });
    sent.end(body);
  });
}

async function readAnswer(response: IncomingMessage, { maxBytes }: HttpRequest): Promise<HttpAnswer> {
  const headers = Object.fromEntries(
    Object.entries(response.headers).map(([name, value]) => [name, [value ?? ""].flat().join(", ")]),
  );
  const stream = await decoded(response);
  const decoder = new TextDecoder();
  let body = "";
  let bytes = 0;
  let cut = false;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    bytes += chunk.byteLength;
    cut = bytes > maxBytes;
    // Leaving the loop destroys the stream, and with it the connection.
    if (cut) break;
    body += decoder.decode(chunk, { stream: true });
  }
  if (cut) response.destroy();
  return { status: response.statusCode ?? 0, headers, body: body + decoder.decode(), cut };
}

/** The body as it was before it was compressed for the way. */
async function decoded(response: IncomingMessage): Promise<Readable> {
  const encoding = response.headers["content-encoding"]?.trim().toLowerCase();
  // What was not asked for is left as it came, as fetch does.
  if (encoding === undefined || !["gzip", "x-gzip", "deflate", "br"].includes(encoding)) return response;
  const { createBrotliDecompress, createUnzip } = await import("node:zlib");
  const { pipeline } = await import("node:stream");
  const decoder = encoding === "br" ? createBrotliDecompress() : createUnzip();
  // The reader of the last stream meets the error of any of them.
  return pipeline(response, decoder, () => undefined);
}

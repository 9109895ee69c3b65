import { isCheckFailure } from "./check-failure.ts";
import { networkFailure } from "./network-failure.ts";
import type { HttpAnswer, HttpRequest, HttpTransport } from "./transport.ts";

/**
 * Makes requests with `fetch`, which Node, Deno, edge isolates and browsers have.
 *
 * @example
 * await runSmoke(suite, { transport: fetchTransport(tracedFetch) }); // a fetch of your own
 */
export function fetchTransport(send: typeof fetch = fetch): HttpTransport {
  return async (request) => {
    try {
      const response = await send(request.url, {
        method: request.method,
        headers: request.headers,
        redirect: "manual",
        signal: request.signal,
        ...(request.body === undefined ? {} : { body: request.body }),
      });
      const headers = Object.fromEntries(response.headers);
      const body = isShort(headers, request)
        ? { body: await response.text(), cut: false }
        : readCapped(response, request);
      return { status: response.status, headers, ...(await body) };
    } catch (error) {
      if (request.signal.aborted) throw request.signal.reason;
      throw isCheckFailure(error) ? error : networkFailure(request.url, error);
    }
  };
}

/** Whether a body says that it stays under the cap: the runtime reads such a one faster, and no further. */
function isShort(headers: HttpAnswer["headers"], { maxBytes }: HttpRequest): boolean {
  const length = headers["content-length"];
  return length !== undefined && headers["content-encoding"] === undefined && Number(length) <= maxBytes;
}

/** Reads at most the cap, so that neither an endless body nor a compressed bomb fills the memory. */
async function readCapped(
  response: Response,
  request: HttpRequest,
): Promise<Pick<HttpAnswer, "body" | "cut">> {
  if (response.body === null) return { body: "", cut: false };
  const decoder = new TextDecoder();
  const reader = response.body.getReader();
  // Some runtimes leave a read pending when the signal aborts after the headers have come.
  const stop = () => void reader.cancel(request.signal.reason).catch(() => undefined);
  request.signal.addEventListener("abort", stop, { once: true });
  try {
    let body = "";
    let bytes = 0;
    for (;;) {
      const { done, value } = await reader.read();
      request.signal.throwIfAborted();
      if (done) return { body: body + decoder.decode(), cut: false };
      bytes += value.byteLength;
      if (bytes > request.maxBytes) {
        stop();
        return { body, cut: true };
      }
      body += decoder.decode(value, { stream: true });
    }
  } finally {
    request.signal.removeEventListener("abort", stop);
  }
}

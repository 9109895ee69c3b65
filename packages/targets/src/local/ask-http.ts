import { request } from "node:http";

/** An HTTP answer, read to its end. */
export interface HttpAnswer {
  readonly status: number;
  readonly body: string;
}

/** One request; `timeoutMs` covers everything from connecting to the last byte. */
export interface HttpQuestion {
  readonly timeoutMs: number;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly signal?: AbortSignal | undefined;
}

const LIMIT_BYTES = 4 * 1024 * 1024;

/**
 * Asks an address once, on a connection of its own: a pooled one could be closed by the other side at the
 * moment it is used again. Redirects are not followed.
 */
export function askHttp(url: string, question: HttpQuestion): Promise<HttpAnswer> {
  const { timeoutMs, method = "GET", headers = {}, body, signal } = question;
  return new Promise((resolve, reject) => {
    const asked = request(url, { method, headers, agent: false });
    const end = (error: Error) => {
      clearTimeout(timer);
      asked.destroy();
      reject(error);
    };
    const timer = setTimeout(() => end(new Error(`no answer within ${timeoutMs} ms`)), timeoutMs);
    const onAbort = () => end(signal?.reason);
    if (signal?.aborted) return onAbort();
    signal?.addEventListener("abort", onAbort, { once: true });
    asked.once("close", () => signal?.removeEventListener("abort", onAbort));
    asked.on("error", end);
    asked.on("response", (response) => {
      const chunks: Buffer[] = [];
      let size = 0;
      response.on("data", (chunk: Buffer) => {
        size += chunk.length;
        if (size > LIMIT_BYTES) end(new Error(`the answer is longer than ${LIMIT_BYTES} bytes`));
        else chunks.push(chunk);
      });
      response.on("error", end);
      response.on("end", () => {
        clearTimeout(timer);
        resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString("utf8") });
      });
    });
    asked.end(body);
  });
}

/** Why a request got no answer, in a few words without the address. */
export function describeFailure(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const code = "code" in error ? error.code : undefined;
  if (code === "ECONNREFUSED") return "connection refused";
  if (code === "ECONNRESET") return "connection closed without an answer";
  return error.message;
}

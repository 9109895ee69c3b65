import type { RequestParts } from "../definition/http-checks.ts";
import type { AttemptTools } from "../engine/planned-check.ts";
import { retryAfterMs } from "../engine/retry-delay.ts";
import type { HttpAnswer } from "../engine/transport.ts";

/** Bytes of a decoded body that are read; a longer one is a failure. */
export const maxBodyBytes = 1024 * 1024;

/** An answer, how long it took to its end, and how long it asks to be left alone. */
export interface Asked extends HttpAnswer {
  readonly ms: number;
  readonly wait: { readonly retryAfterMs?: number };
}

type AskTools = Pick<AttemptTools, "transport" | "clock" | "answered" | "signal">;

/** Makes one request. */
export async function ask(tools: AskTools, url: string, parts: RequestParts = {}): Promise<Asked> {
  const { body } = parts;
  const json = body !== undefined && typeof body !== "string";
  const start = tools.clock.now();
  const answer = await tools.transport({
    url,
    method: methodOf(parts),
    headers: {
      accept: "application/json, */*;q=0.8",
      "user-agent": "slipway-smoke",
      ...(json ? { "content-type": "application/json" } : {}),
      ...lowerCased(parts.headers ?? {}),
    },
    ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
    signal: tools.signal,
    maxBytes: maxBodyBytes,
  });
  tools.answered();
  const now = tools.clock.now();
  const wait = retryAfterMs(answer.headers["retry-after"], now);
  return { ...answer, ms: now - start, wait: wait === undefined ? {} : { retryAfterMs: wait } };
}

/** The method of a request in capitals. */
export function methodOf({ method }: RequestParts): string {
  return (method ?? "GET").toUpperCase();
}

function lowerCased(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}

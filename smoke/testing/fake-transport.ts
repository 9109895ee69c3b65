import { CheckFailure } from "../src/engine/check-failure.ts";
import type { HttpAnswer, HttpRequest, HttpTransport } from "../src/engine/transport.ts";

type Reply = Partial<Omit<HttpAnswer, "body">> & { readonly body?: unknown };

/** Answers by path: one reply for ever, or a list of which the last one stays. `"refused"` is no answer. */
export function fakeTransport(
  replies: Readonly<Record<string, Reply | "refused" | readonly (Reply | "refused")[]>>,
): HttpTransport & { readonly requests: HttpRequest[] } {
  const requests: HttpRequest[] = [];
  const counts = new Map<string, number>();
  const transport: HttpTransport = async (request) => {
    requests.push(request);
    const { pathname, host } = new URL(request.url);
    const count = counts.get(pathname) ?? 0;
    counts.set(pathname, count + 1);
    const list = [replies[pathname] ?? { status: 404, body: "not found" }].flat() as (Reply | "refused")[];
    const reply = list[Math.min(count, list.length - 1)]!;
    if (reply === "refused") throw new CheckFailure("network", `${host}: connection refused`);
    const json = typeof reply.body !== "string";
    return {
      status: reply.status ?? 200,
      headers: { "content-type": json ? "application/json" : "text/plain", ...reply.headers },
      body: json ? JSON.stringify(reply.body ?? {}) : (reply.body as string),
      cut: reply.cut ?? false,
    };
  };
  return Object.assign(transport, { requests });
}

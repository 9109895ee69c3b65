import type { FlagClient } from "../client/flag-client.ts";
import type { FlagValue } from "../document/flag-value.ts";
import type { FlagContext } from "../evaluate/flag-context.ts";
import { murmurFrom, murmurState } from "../evaluate/murmur.ts";

export interface FlagsHandlerOptions {
  readonly flags: Pick<FlagClient, "evaluate">;
  /** The flags that browsers may know of. A list, so that names of what is not announced yet do not get out by themselves. */
  readonly keys: readonly string[];
  /**
   * Whom to evaluate for. `claimed` is what the browser says of itself: anybody can write anything there, so take an id
   * from the session and no more than harmless attributes from `claimed`. Left out: `claimed` without `userId` and `targetingKey`.
   */
  readonly context?: (request: Request, claimed: FlagContext) => FlagContext | Promise<FlagContext>;
}

/** What a browser gets: by key, the value, and the variant where there is one. */
export type EvaluatedFlags = Readonly<Record<string, readonly [FlagValue] | readonly [FlagValue, string]>>;

/**
 * Answers a browser with evaluated flags: values, never rules, ids or reasons. With an ETag, so that asking
 * again costs 304 and no body. Runs wherever `Request` and `Response` are: Hono, Next, Deno, workers.
 *
 * @example
 * Deno.serve(flagsHandler({ flags, keys: ["new-checkout"] }));
 */
export function flagsHandler({
  flags,
  keys,
  context,
}: FlagsHandlerOptions): (request: Request) => Promise<Response> {
  return async (request) => {
    if (request.method !== "GET" && request.method !== "HEAD") {
      return new Response(null, { status: 405, headers: { allow: "GET, HEAD" } });
    }
    const claimed = claimedContext(request.headers.get("flag-context"));
    if (claimed === null) return new Response("flag-context is no JSON object", { status: 400 });
    const { userId: _, targetingKey: __, ...harmless } = claimed;
    const whom = context === undefined ? harmless : await context(request, claimed);
    const evaluated = Object.fromEntries(
      keys.flatMap((key) => {
        const { value, variant, errorCode } = flags.evaluate(key, whom);
        if (errorCode !== null) return [];
        return [[key, variant === null ? [value] : [value, variant]]];
      }),
    );
    const body = JSON.stringify(evaluated);
    const etag = `"${hash(body, 0)}${hash(body, 1)}"`;
    // For this browser only, and asked for again every time: a kill must not wait in a cache.
    const headers = {
      etag,
      "cache-control": "private, no-cache",
      vary: "flag-context, cookie, authorization",
    };
    if (matches(request.headers.get("if-none-match"), etag))
      return new Response(null, { status: 304, headers });
    return new Response(request.method === "HEAD" ? null : body, {
      headers: { ...headers, "content-type": "application/json" },
    });
  };
}

/** URI-encoded JSON, because headers are ASCII. Null when it is something else. */
function claimedContext(header: string | null): FlagContext | null {
  if (header === null) return {};
  try {
    const found: unknown = JSON.parse(decodeURIComponent(header));
    return typeof found === "object" && found !== null && !Array.isArray(found)
      ? (found as FlagContext)
      : null;
  } catch {
    // Whatever it was, it is answered with 400.
    return null;
  }
}

const matches = (header: string | null, etag: string): boolean =>
  (header ?? "").split(",").some((part) => part.trim().replace(/^W\//, "") === etag || part.trim() === "*");

const hash = (text: string, seed: number): string =>
  murmurFrom(murmurState("", seed), text).toString(16).padStart(8, "0");

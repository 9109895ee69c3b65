import { readKillRequest } from "./read-kill-request.ts";
import { verifySignature } from "./sign-request.ts";

/** What the handler needs. */
export interface KillHandlerOptions {
  /** Shared with whoever may kill: at least 32 characters. A list while it is being rotated: any of them counts. */
  readonly secret: string | readonly string[];
  /** Kills the flag, and resolves when that is done; rejects when it is not: `killFlag` of the store, say. */
  readonly kill: (request: {
    readonly key: string;
    readonly reason: string | null;
    readonly actor: string;
  }) => Promise<unknown>;
  /** How far the caller's clock may be off, in milliseconds, and so how long a request can be sent again: 300,000. */
  readonly windowMs?: number;
  readonly now?: () => number;
}

const MOST_BYTES = 10_000;

/**
 * Answers one signed HTTP request that kills a flag: for an alerting system, a phone, a second provider, when nothing
 * else is at hand. It can only switch off. Works wherever there are `Request` and `Response`.
 *
 * The request: `POST` with body `{"key", "reason"?, "actor"?}` and the header `slipway-signature` of `signRequest`.
 * The answer: 200 `{killed: key}`, 400, 401, 405, 413, 503 with `{error}`, which never tells why a signature is wrong.
 *
 * @example
 * const handler = killHandler({ secret, kill: ({ key, reason, actor }) => killFlag(db, { key, reason, actor, source: "http" }) });
 * Deno.serve(handler);
 */
export function killHandler(options: KillHandlerOptions): (request: Request) => Promise<Response> {
  const { kill, windowMs = 300_000, now = Date.now } = options;
  const secrets = typeof options.secret === "string" ? [options.secret] : options.secret;
  if (secrets.length === 0 || secrets.some((secret) => secret.length < 32)) {
    throw new RangeError("a secret must have at least 32 characters");
  }
  return async (request) => {
    if (request.method !== "POST") return answer(405, { error: "POST it" }, { allow: "POST" });
    const body = await readLimited(request);
    if (body === null) return answer(413, { error: `more than ${MOST_BYTES} bytes` });
    const signed = { method: request.method, path: new URL(request.url).pathname, body };
    const header = request.headers.get("slipway-signature") ?? "";
    if (!(await verifySignature(signed, header, { secrets, windowMs, now: now() }))) {
      return answer(401, { error: "the signature does not fit, or is too old" });
    }
    const asked = readKillRequest(body);
    if (typeof asked === "string") return answer(400, { error: asked });
    try {
      await kill(asked);
    } catch {
      // The reason may name hosts and users: it belongs into the log of whoever gave us `kill`.
      return answer(503, { error: `${asked.key} was not killed: try again, or another way` });
    }
    return answer(200, { killed: asked.key });
  };
}

/** The body, or null when it is too long; what is beyond the limit is not read. */
async function readLimited(request: Request): Promise<Uint8Array<ArrayBuffer> | null> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of request.body ?? []) {
    length += part.byteLength;
    if (length > MOST_BYTES) return null;
    parts.push(part);
  }
  const body = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    body.set(part, at);
    at += part.byteLength;
  }
  return body;
}

function answer(status: number, body: unknown, headers: Record<string, string> = {}): Response {
  return Response.json(body, { status, headers: { "cache-control": "no-store", ...headers } });
}

import type { IncomingHttpHeaders } from "node:http";

// They speak of one connection, not of the request, so they end here (RFC 9110, 7.6.1).
const HOP_BY_HOP = [
  "keep-alive",
  "proxy-connection",
  "proxy-authenticate",
  "proxy-authorization",
  "te",
  "trailer",
  "upgrade",
];

// A client could name them in Connection, to have them dropped on the way to the service.
const NEEDED = new Set([
  "host",
  "content-length",
  "content-type",
  "transfer-encoding",
  "cookie",
  "authorization",
]);

/**
 * Takes out of a request's headers what is for this connection only. Of `Connection` itself its `close` or
 * `keep-alive` stays, because the answer to the client follows it.
 *
 * @param upgrade keeps what a WebSocket handshake is made of.
 */
export function withoutHopByHop(headers: IncomingHttpHeaders, upgrade = false): IncomingHttpHeaders {
  const tokens = connectionTokens(headers.connection);
  const kept: IncomingHttpHeaders = { ...headers };
  // The client got its "100 Continue" from the router.
  for (const name of [...HOP_BY_HOP, ...tokens, "expect"]) if (!NEEDED.has(name)) delete kept[name];
  delete kept.connection;
  if (upgrade) {
    kept.connection = "Upgrade";
    kept.upgrade = headers.upgrade;
  } else {
    const persistence = tokens.find((token) => token === "close" || token === "keep-alive");
    if (persistence !== undefined) kept.connection = persistence;
  }
  return kept;
}

/**
 * The `X-Forwarded-*` headers for a request: the client's address is added to those that a proxy in front has
 * noted, protocol and host are kept where one noted them.
 */
export function forwardedHeaders(
  headers: IncomingHttpHeaders,
  client: string | undefined,
): Record<string, string> {
  const chain = [first(headers["x-forwarded-for"]), client].filter(
    (part) => part !== undefined && part !== "",
  );
  const host = first(headers["x-forwarded-host"]) ?? headers.host;
  return {
    "x-forwarded-for": chain.join(", "),
    "x-forwarded-proto": first(headers["x-forwarded-proto"]) ?? "http",
    ...(host === undefined ? {} : { "x-forwarded-host": host }),
  };
}

function connectionTokens(connection: string | undefined): string[] {
  return (connection ?? "")
    .split(",")
    .map((token) => token.trim().toLowerCase())
    .filter((token) => token !== "");
}

function first(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value.join(", ") : value;
}

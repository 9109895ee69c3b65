import { CheckFailure } from "./check-failure.ts";

/** Deno says what it was doing before it says what went wrong. */
const preamble = /^.*client error \(\w+\): /s;

/** Somebody answers, in another language. */
const otherLanguage: readonly (readonly [RegExp, string])[] = [
  [/wrong version number|InvalidContentType|packet length too long/i, "it does not speak TLS: is it http?"],
  [
    /Expected HTTP\/|invalid HTTP version|unexpected message from connection/i,
    "what answers does not speak HTTP",
  ],
  [/Headers? overflow|message head is too large/i, "the headers are too large"],
  [
    /incorrect header check|Invalid gzip header|Decompression failed/i,
    "the body is not compressed as it says",
  ],
];

const tlsCodes = /CERT|SSL|TLS|InvalidContentType|SELF_SIGNED|UNABLE_TO_(?:GET|VERIFY)|ALTNAME/;
const tlsTexts = /certificate|handshake|tls/i;

/** What a runtime says when its own permissions forbid the request: no retry mends that. */
const denied = /^NotCapable|^ERR_ACCESS_DENIED|Requires net access/;

const plain: readonly (readonly [RegExp, string])[] = [
  [/ECONNREFUSED|connection refused/i, "connection refused"],
  [/ECONNRESET|connection reset|socket hang up|other side closed|UND_ERR_SOCKET/i, "connection reset"],
  [/ENOTFOUND|EAI_AGAIN|failed to lookup|name or service not known/i, "unknown host"],
  [/EHOSTUNREACH|ENETUNREACH|unreachable/i, "host unreachable"],
  [/ETIMEDOUT|UND_ERR_CONNECT_TIMEOUT|connection timed out/i, "connection timed out"],
  [/connection closed before message completed|end of file|unexpected eof/i, "connection closed"],
];

/** Puts the runtimes' different words for a failed request into one vocabulary. */
export function networkFailure(url: string, error: unknown): CheckFailure {
  const texts = causes(error);
  const text = texts.join(": ");
  const place = placeOf(url);
  if (texts.some((part) => denied.test(part))) {
    return new CheckFailure("configuration", `${place}: this process may not connect to it`, {
      cause: error,
    });
  }
  const last = (texts.at(-1) ?? "no answer").replace(preamble, "");
  const other = otherLanguage.find(([pattern]) => pattern.test(text))?.[1];
  const tls = texts.some((part) => tlsCodes.test(part)) || tlsTexts.test(text);
  const known = other ?? (tls ? undefined : plain.find(([pattern]) => pattern.test(text))?.[1]);
  return new CheckFailure(tls ? "tls" : "network", `${place}: ${known ?? last}`, { cause: error });
}

/** The host of a URL, which is what a reader looks for and holds no secret. */
function placeOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : url;
}

/** Codes and messages of an error and its causes, outermost first. */
function causes(error: unknown): string[] {
  const texts: string[] = [];
  for (let at: unknown = error; at instanceof Error && texts.length < 12; at = at.cause) {
    if (at instanceof AggregateError && at.errors.length > 0) texts.push(...at.errors.flatMap(causes));
    else {
      if ("code" in at && typeof at.code === "string") texts.push(at.code);
      texts.push(at.message);
    }
  }
  return texts.filter((text) => text !== "");
}

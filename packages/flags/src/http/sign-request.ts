/** What is signed. `path` is the URL's path, without host and query. */
export interface SignedRequest {
  readonly method: string;
  readonly path: string;
  readonly body: Uint8Array<ArrayBuffer>;
}

const encoder = new TextEncoder();

/**
 * The value of the header `slipway-signature`: `t=<milliseconds since 1970>,v1=<64 hexadecimal characters>`, an
 * HMAC-SHA256 over method, path, time and body.
 *
 * @example
 * const body = JSON.stringify({ key: "new-checkout", reason: "errors" });
 * const signature = await signRequest({ method: "POST", path: "/flags/kill", body: new TextEncoder().encode(body) }, secret);
 * await fetch(url, { method: "POST", body, headers: { "slipway-signature": signature } });
 */
export async function signRequest(request: SignedRequest, secret: string, now = Date.now()): Promise<string> {
  const signature = await crypto.subtle.sign("HMAC", await hmacKey(secret), message(request, String(now)));
  const hex = Array.from(new Uint8Array(signature), (byte) => byte.toString(16).padStart(2, "0")).join("");
  return `t=${now},v1=${hex}`;
}

/** Whether a header is the signature of the request by one of the secrets, and its time near enough. */
export async function verifySignature(
  request: SignedRequest,
  header: string,
  {
    secrets,
    windowMs,
    now,
  }: { readonly secrets: readonly string[]; readonly windowMs: number; readonly now: number },
): Promise<boolean> {
  const found = /^t=(\d{1,15}),v1=([0-9a-f]{64})$/.exec(header);
  if (found === null) return false;
  const [, time = "", hex = ""] = found;
  if (!(Math.abs(now - Number(time)) <= windowMs)) return false;
  const signature = Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
  let fits = false;
  for (const secret of secrets) {
    // The runtime compares in constant time; every secret is tried, so that the time tells nothing of which fits.
    const same = await crypto.subtle.verify("HMAC", await hmacKey(secret), signature, message(request, time));
    fits = same || fits;
  }
  return fits;
}

function hmacKey(secret: string): Promise<CryptoKey> {
  const raw = encoder.encode(secret);
  return crypto.subtle.importKey("raw", raw, { name: "HMAC", hash: "SHA-256" }, false, ["sign", "verify"]);
}

/** The lengths of the parts are fixed or their ends marked: no two requests have the same message. */
function message({ method, path, body }: SignedRequest, time: string): Uint8Array<ArrayBuffer> {
  const head = encoder.encode(`${method}\n${path}\n${time}\n`);
  const whole = new Uint8Array(head.length + body.length);
  whole.set(head);
  whole.set(body, head.length);
  return whole;
}

import { sha256 as sha256Bytes } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import { canonicalJson } from "./canonical-json.ts";

/**
 * SHA-256 as 64 lower-case hexadecimal characters. Synchronous and the same in Node, Deno and an edge
 * isolate, which `crypto.subtle` (asynchronous) is not.
 */
export function sha256(data: string | Uint8Array): string {
  return bytesToHex(sha256Bytes(typeof data === "string" ? utf8ToBytes(data) : data));
}

/** `sha256:<hex>` over the canonical JSON of a value: the digest of manifests, settings and plans. */
export function digestOf(value: unknown): string {
  return `sha256:${sha256(canonicalJson(value))}`;
}

/** Whether a text is a digest as Slipway writes them: `sha256:` and 64 lower-case hexadecimal characters. */
export function isDigest(text: string): boolean {
  return /^sha256:[0-9a-f]{64}$/.test(text);
}

import { secretForms } from "./secret-forms.ts";

/** Replaces secrets in text. One per process; everything printed, logged or recorded goes through it. */
export interface Redactor {
  /** Registers a secret value. Values under four characters are ignored: they would eat ordinary text. */
  add(secret: string | undefined): void;
  redact(text: string): string;
}

const MASK = "[redacted]";

// Shapes that are secret wherever they appear, with the part to keep as the first group.
const shapes: readonly RegExp[] = [
  // user:password@ in any URL
  /([a-z][a-z0-9+.-]*:\/\/[^\s:/@]*:)[^\s@/]+(?=@)/gi,
  // Authorization headers
  /((?:bearer|basic)\s+)[A-Za-z0-9._~+/=-]{8,}/gi,
  // key=value and key: value pairs whose key names a secret
  /((?:password|passwd|secret|token|api[_-]?key|apikey|passphrase)["']?\s*[=:]\s*["']?)[^\s"',;&}]+/gi,
  // JSON web tokens
  /()\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*/g,
];

/**
 * Makes a redactor that knows the given secrets and the common shapes of secrets (passwords in URLs,
 * bearer tokens, JSON web tokens, `password=…`).
 *
 * @example
 * createRedactor(["hunter22"]).redact("login hunter22"); // "login [redacted]"
 */
export function createRedactor(secrets: readonly (string | undefined)[] = []): Redactor {
  const known = new Set<string>();
  const redactor: Redactor = {
    add(secret) {
      if (secret === undefined || secret.length < 4) return;
      for (const form of secretForms(secret)) known.add(form);
    },
    redact(text) {
      let out = text;
      // Longest first, so that a secret that contains another one is masked whole.
      for (const secret of [...known].sort((a, b) => b.length - a.length)) out = out.replaceAll(secret, MASK);
      for (const shape of shapes) out = out.replace(shape, (_match, keep: string) => `${keep}${MASK}`);
      return out;
    },
  };
  for (const secret of secrets) redactor.add(secret);
  return redactor;
}

/** Shorter pieces than this also stand in ordinary text. */
const shortest = 8;

/**
 * The forms in which a secret comes back in answers, URLs, pages and logs: as it is, inside JSON, percent-encoded
 * by a program, a URL or a form, escaped for HTML, and in base64 wherever it stands in the encoded text. Of a
 * connection URL the password is one by itself, and of several lines each.
 *
 * @example
 * secretForms("a&b c").includes("a%26b+c"); // true
 */
export function secretForms(secret: string): string[] {
  const url = URL.canParse(secret) ? new URL(secret) : undefined;
  const password = url === undefined || url.password === url.username ? "" : url.password;
  const lines = secret.split(/[\r\n]+/).map((line) => line.trim());
  const parts = [password, decoded(password), ...(lines.length === 1 ? [] : lines)];
  const all = [secret, ...parts.filter((part) => part.length >= shortest)];
  return [...new Set(all.flatMap((one) => [...textForms(one), ...base64Forms(one)]))];
}

function textForms(text: string): string[] {
  const inQuery = new URL(`http://host.invalid/?${text.replaceAll("#", "%23")}`).search.slice(1);
  const inForm = new URLSearchParams([["", text]]).toString().slice(1);
  const percent = [encodeURIComponent(text), encodeURI(text), inQuery, inForm];
  const lowerCase = percent.map((one) => one.replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase()));
  return [text, JSON.stringify(text).slice(1, -1), ...percent, ...lowerCase, ...htmlForms(text)];
}

function htmlForms(text: string): string[] {
  const escaped = text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
  const quoted = escaped.replaceAll('"', "&quot;");
  return [escaped, quoted, quoted.replaceAll("'", "&#39;"), quoted.replaceAll("'", "&#x27;")];
}

/**
 * What of the base64 does not depend on the neighbours: three bytes become four characters, so that a text has
 * three forms, after as many bytes as a multiple of three, and one and two more.
 */
function base64Forms(text: string): string[] {
  const bytes = Array.from(new TextEncoder().encode(text), (byte) => String.fromCharCode(byte)).join("");
  const forms = [0, 1, 2].map((before) => {
    const encoded = btoa("\0".repeat(before) + bytes);
    const whole = Math.floor(((before + bytes.length) * 8) / 6);
    return encoded.slice(Math.ceil((before * 8) / 6), whole);
  });
  const long = forms.filter((form) => form.length >= shortest);
  return [...long, ...long.map((form) => form.replaceAll("+", "-").replaceAll("/", "_"))];
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // A stray percent sign: it stands for itself.
    return text;
  }
}

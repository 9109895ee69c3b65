import type { Note } from "./imported.ts";

/** Variables of these names are declared secret: once too often does no harm. */
const secretName = /token|secret|password|key|auth/i;

/** Values of these names are not written into a suite. Stricter, because they have to be set by hand then. */
const loginName =
  /token|secret|passw|authori[sz]|oauth|cookie|session|(?:^|[-_.])(?:auth|pwd|(?:api|access)?[-_]?key)$/i;

/** Other tools' names for something new each time. */
const unique = new Set(["$guid", "$randomUUID", "$timestamp", "$isoTimestamp"]);

/** How texts of another tool become texts of a suite. */
export interface Placeholders {
  /** The variables that the texts so far stand for. */
  readonly env: Readonly<Record<string, "secret" | "plain">>;
  /** `{{name}}` as `${NAME}`. */
  readonly fill: (text: string) => string;
  /** The value of a header, a parameter or a field; a login becomes a variable, and is told. */
  readonly value: (name: string, text: string, note: Note) => string;
  /** JSON that is sent: its texts filled, and the logins in it as variables. */
  readonly json: (document: unknown, note: Note) => unknown;
  /** A URL, its parameters included. */
  readonly url: (text: string, note: Note) => string;
}

/**
 * Collects the variables of an import.
 *
 * @param known values that the file gives; those of secrets are left out.
 */
export function placeholders(known: Readonly<Record<string, string>> = {}): Placeholders {
  const env: Record<string, "secret" | "plain"> = {};
  const variable = (name: string, sort: "secret" | "plain") => {
    const upper = name
      .replace(/\W+/g, "_")
      .replace(/^_+|_+$/g, "")
      .toUpperCase();
    const valid = /^\d/.test(upper) ? `_${upper}` : upper;
    if (env[valid] !== "secret") env[valid] = sort;
    return `\${${valid}}`;
  };
  const fill = (text: string) =>
    text
      .replaceAll("${", () => "$${")
      .replace(/\{\{\s*([^}]+?)\s*\}\}/g, (_all, name: string) => {
        if (unique.has(name)) return "${" + "run.id}";
        const value = known[name];
        if (value !== undefined && value !== "" && !secretName.test(name)) return value;
        return variable(name, secretName.test(name) ? "secret" : "plain");
      });
  const value = (name: string, text: string, note: Note) => {
    if (text === "" || text.includes("{{") || !loginName.test(name) || /^idempotency-key$/i.test(name))
      return fill(text);
    const place = variable(name, "secret");
    note(`the value of ${name} is left out: set ${place.slice(2, -1)}`);
    return place;
  };
  const url = (text: string, note: Note) => {
    const [address = "", query] = text.split(/\?(.*)/s, 2);
    if (query === undefined) return fill(text);
    const pairs = query.split("&").map((pair) => {
      const at = pair.indexOf("=");
      return at < 1
        ? fill(pair)
        : `${pair.slice(0, at)}=${value(pair.slice(0, at), pair.slice(at + 1), note)}`;
    });
    return `${fill(address)}?${pairs.join("&")}`;
  };
  const json = (document: unknown, note: Note, name = ""): unknown => {
    if (typeof document === "string") return value(name, document, note);
    if (Array.isArray(document)) return document.map((item) => json(item, note, name));
    if (typeof document !== "object" || document === null) return document;
    return Object.fromEntries(
      Object.entries(document).map(([key, member]) => [key, json(member, note, key)]),
    );
  };
  return { env, fill, value, json, url };
}

/** A form as it is sent, and the header that says so. Values may hold `${NAME}`, which stay as they are. */
export function formBody(pairs: readonly (readonly [string, string])[]): string {
  const encode = (text: string) =>
    text.replace(/\$\{[^}]*\}|[^$]+|\$/g, (part) =>
      part.startsWith("${") ? part : encodeURIComponent(part),
    );
  return pairs.map(([name, value]) => `${encode(name)}=${encode(value)}`).join("&");
}

/** What a form's content type is. */
export const formType = "application/x-www-form-urlencoded";

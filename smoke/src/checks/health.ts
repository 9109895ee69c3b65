import type { Finding } from "../engine/report.ts";
import { readJsonPath } from "./json-path.ts";
import { foundText, valueText } from "./matcher.ts";

/** The words that mean "well" in a health body. */
export const healthyWords = ["ok", "healthy", "up", "pass", "ready", "alive"] as const;

/**
 * Judges what a health body says, which the HTTP code often does not: a text that is one of the words,
 * or JSON with `status`, `ok: true` or `healthy: true`. A body that says nothing is not healthy.
 */
export function judgeHealth(
  body: string,
  json: unknown,
  { path, words = healthyWords }: { readonly path?: string; readonly words?: readonly string[] } = {},
): Finding {
  const expected = `one of ${words.join(", ")}`;
  const isWell = (value: unknown) =>
    value === true || (typeof value === "string" && words.includes(value.trim().toLowerCase()));
  const unhealthy = (what: string, seen: string): Finding => {
    return { ok: false, what, expected, seen, failure: "unhealthy" };
  };
  if (path === undefined && (json === undefined || typeof json === "string")) {
    const text = typeof json === "string" ? json : body;
    return isWell(text)
      ? { ok: true, what: "body", expected, seen: text.trim() }
      : unhealthy("body", valueText(text));
  }
  const paths = path === undefined ? ["$.status", "$.ok", "$.healthy"] : [path];
  for (const at of paths) {
    const found = readJsonPath(json, at);
    if (!found.found) continue;
    return isWell(found.value)
      ? { ok: true, what: `body ${at.slice(2)}`, expected, seen: String(found.value) }
      : unhealthy(`body ${at.slice(2)}`, foundText(found));
  }
  return unhealthy("body", `no ${paths.map((at) => at.slice(2)).join(", ")} in ${valueText(json)}`);
}

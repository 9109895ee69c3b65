/** What a request asks for, or what is wrong with it. */
export function readKillRequest(
  body: Uint8Array,
): { readonly key: string; readonly reason: string | null; readonly actor: string } | string {
  let parsed: unknown;
  try {
    parsed = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(body));
  } catch {
    return "the body is not JSON";
  }
  if (typeof parsed !== "object" || parsed === null || Array.isArray(parsed))
    return "the body is not an object";
  const { key, reason = null, actor = "http", ...others } = parsed as Record<string, unknown>;
  // A request that wants more than a kill was meant for something else.
  const [unknown] = Object.keys(others);
  if (unknown !== undefined)
    return `${JSON.stringify(unknown).slice(0, 40)} is not known: key, reason and actor are`;
  if (typeof key !== "string" || key === "" || key.length > 100)
    return "key must be a text of 1 to 100 characters";
  if (reason !== null && (typeof reason !== "string" || reason.length > 1_000)) {
    return "reason must be a text of at most 1000 characters";
  }
  if (typeof actor !== "string" || actor === "" || actor.length > 200) {
    return "actor must be a text of 1 to 200 characters";
  }
  return { key, reason, actor };
}

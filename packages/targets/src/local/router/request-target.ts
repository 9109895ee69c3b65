/** The path of a request target, without the query. */
export function pathOf(target: string): string {
  const end = target.search(/[?#]/);
  return end === -1 ? target : target.slice(0, end);
}

/** `GET http://host/path` is allowed to every server (RFC 9112, 3.2.2); it is forwarded as `GET /path`. */
export function originForm(target = "/"): string {
  const absolute = /^https?:\/\/[^/?#]*/i.exec(target);
  if (absolute === null) return target;
  const rest = target.slice(absolute[0].length);
  return rest.startsWith("/") ? rest : `/${rest}`;
}

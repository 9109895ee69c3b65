import type { Place, Suite } from "../definition/suite.ts";
import { CheckFailure } from "../engine/check-failure.ts";

/** A place with its URL, and from where it is seen. */
export interface ResolvedPlace {
  readonly url: string;
  readonly service: string | undefined;
  readonly at: "inside" | "public" | undefined;
  /** Short text for reports: `api /healthz`, `https://shop.example/`. */
  readonly label: string;
}

/**
 * Turns a place into the URLs to ask: one, or two where both vantage points are wanted. Addresses of the
 * pin go before those written in the suite.
 *
 * @throws {CheckFailure} of class `configuration` when the place cannot be found.
 */
export function resolvePlace(place: Place, suite: Suite): ResolvedPlace[] {
  if (place.url !== undefined) {
    if (!URL.canParse(place.url)) throw misconfigured(`${JSON.stringify(place.url)} is not a URL`);
    return [{ url: place.url, service: place.service, at: undefined, label: place.url }];
  }
  const service = place.service ?? onlyService(suite);
  const known = { ...suite.services?.[service], ...suite.expected?.services?.[service] };
  const path = place.path ?? "/";
  const at = place.at ?? (known.address === undefined ? "public" : "inside");
  const vantages = at === "both" ? (["inside", "public"] as const) : [at];
  return vantages.map((vantage) => {
    const base = vantage === "inside" ? known.address : known.public;
    if (base === undefined) {
      const key = vantage === "inside" ? "address" : "public";
      throw misconfigured(`the service ${JSON.stringify(service)} has no ${key}`);
    }
    if (!URL.canParse(base)) throw misconfigured(`the address of ${service} is not a URL`);
    const label = `${service} ${path}${at === "both" ? ` (${vantage})` : ""}`;
    return { url: joinUrl(base, path), service, at: vantage, label };
  });
}

function onlyService(suite: Suite): string {
  const names = [
    ...new Set([suite.services, suite.expected?.services].flatMap((all) => Object.keys(all ?? {}))),
  ];
  if (names.length === 1) return names[0]!;
  throw misconfigured(
    names.length === 0
      ? "no service and no url is named, and the suite has no services"
      : `no service is named, and the suite has ${names.join(", ")}`,
  );
}

/** Appends a path to a base that may have a path of its own. */
function joinUrl(base: string, path: string): string {
  return `${base.replace(/\/+$/, "")}/${path.replace(/^\/+/, "")}`;
}

function misconfigured(message: string): CheckFailure {
  return new CheckFailure("configuration", message);
}

import type { Place } from "../definition/common.ts";
import type { Suite } from "../definition/suite.ts";
import { CheckFailure } from "./check-failure.ts";

/** A place with its URL, and from where it is seen. */
export interface ResolvedPlace {
  readonly url: string;
  readonly service: string | undefined;
  /** Set when the place is asked from both sides. */
  readonly vantage?: "inside" | "public";
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
    if (place.path !== undefined || place.at !== undefined) {
      throw misconfigured("a url stands alone: leave path and at out");
    }
    httpUrl(place.url, JSON.stringify(place.url));
    return [{ url: place.url, service: place.service, label: place.url }];
  }
  const service = place.service ?? onlyService(suite);
  const known = { ...suite.services?.[service], ...suite.expected?.services?.[service] };
  const path = place.path ?? "/";
  const at = place.at ?? (known.address === undefined ? "public" : "inside");
  const vantages = at === "both" ? (["inside", "public"] as const) : [at];
  return vantages.map((vantage) => {
    const base = vantage === "inside" ? known.address : known.public;
    if (base === undefined) {
      const names = serviceNames(suite);
      throw misconfigured(
        names.includes(service)
          ? `the service ${JSON.stringify(service)} has no ${vantage === "inside" ? "address" : "public address"}`
          : `there is no service ${JSON.stringify(service)}; there ${names.length > 0 ? `is ${names.join(", ")}` : "are none"}`,
      );
    }
    httpUrl(base, `the address of ${service}`);
    const both = at === "both" ? { vantage } : {};
    return { url: joinUrl(base, path), service, label: `${service} ${path}`, ...both };
  });
}

/** `host:port` of a URL, as permissions and TLS want it. */
export function hostPort(url: string): string {
  const { hostname, port, protocol } = new URL(url);
  return `${hostname}:${port || (protocol === "https:" ? "443" : "80")}`;
}

function onlyService(suite: Suite): string {
  const names = serviceNames(suite);
  if (names.length === 1) return names[0]!;
  throw misconfigured(
    names.length === 0
      ? "no service and no url is named, and the suite has no services"
      : `no service is named, and the suite has ${names.join(", ")}`,
  );
}

function serviceNames({ services, expected }: Suite): string[] {
  return [...new Set([...Object.keys(services ?? {}), ...Object.keys(expected?.services ?? {})])];
}

function httpUrl(url: string, what: string): void {
  if (URL.canParse(url) && new URL(url).username !== "") {
    throw misconfigured(`${what} carries a user name: send it in the header authorization`);
  }
  const protocol = URL.canParse(url) ? new URL(url).protocol : "";
  if (protocol !== "http:" && protocol !== "https:")
    throw misconfigured(`${what} is not an http or https URL`);
}

/** Appends a path to a base that may have a path of its own. */
function joinUrl(base: string, path: string): string {
  return `${base.replace(/\/+$/, "")}/${path.replace(/^\/+/, "")}`;
}

function misconfigured(message: string): CheckFailure {
  return new CheckFailure("configuration", message);
}

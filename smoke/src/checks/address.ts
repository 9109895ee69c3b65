import { CheckFailure } from "../engine/check-failure.ts";

/** `host:port` again, with an IPv6 address in brackets. */
export function hostText({ host, port }: { readonly host: string; readonly port: number }): string {
  return `${host.includes(":") ? `[${host}]` : host}:${port}`;
}

/**
 * Splits `host:port`, where an IPv6 address stands in brackets.
 *
 * @throws {CheckFailure} of class `configuration` when the port is missing and has no default, or is none.
 * @example
 * splitAddress("[::1]:5432"); // { host: "::1", port: 5432 }
 */
export function splitAddress(address: string, defaultPort?: number): { host: string; port: number } {
  const { bracketed, plain, digits } =
    /^(?:\[(?<bracketed>[^\]]+)\]|(?<plain>[^:[\]]+))(?::(?<digits>\d+))?$/.exec(address)?.groups ?? {};
  const host = bracketed ?? plain;
  const port = digits === undefined ? defaultPort : Number(digits);
  if (host === undefined || port === undefined || port < 1 || port > 65_535) {
    throw new CheckFailure("configuration", `${JSON.stringify(address)} is not host:port`);
  }
  return { host, port };
}

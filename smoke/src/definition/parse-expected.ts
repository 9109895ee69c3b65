import { SlipwayError } from "@slipway/kernel";
import type { Expected, ExpectedService } from "./expected.ts";
import type { Suite } from "./suite.ts";

/** The variable that carries what a release run expects. */
export const expectedVariable = "SLIPWAY_SMOKE_EXPECTED";

/** What a release run is given: what the pin expects, with every service's address, and the product's own checks. */
export interface ReleaseExpected extends Expected {
  readonly release: string;
  readonly digest: string;
  readonly services: Readonly<
    Record<string, ExpectedService & { readonly build: string; readonly address: string }>
  >;
  readonly checks?: Partial<Suite>;
}

/**
 * Reads what a release run expects. Written by hand, and not with the suite's schema, because this is on the
 * path of every `pulumi up` and loading a schema library would take longer than the checks.
 *
 * @throws {SlipwayError} SMOKE_INVALID naming the key.
 * @example
 * parseExpected(process.env[expectedVariable]).release; // "1.4.0"
 */
export function parseExpected(text: string | undefined): ReleaseExpected {
  if (text === undefined || text.trim() === "") throw invalid("it is not set");
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw invalid("it is not JSON", cause);
  }
  const expected = object(value, "");
  const services = Object.entries(object(expected.services, "services"));
  if (services.length === 0) throw invalid("services is empty, so nothing would be checked");
  const attempt = expected.attempt;
  if (attempt !== undefined && !Number.isInteger(attempt)) throw invalid("attempt is not an integer");
  return {
    ...texts(expected, "", ["release", "digest"], ["environment"]),
    ...(attempt === undefined ? {} : { attempt: attempt as number }),
    services: Object.fromEntries(
      services.map(([name, service]) => [name, serviceOf(service, `services.${name}`)]),
    ),
    ...(expected.checks === undefined || expected.checks === null
      ? {}
      : { checks: checksOf(expected.checks) }),
  } as ReleaseExpected;
}

function serviceOf(value: unknown, at: string): object {
  const service = object(value, at);
  const health = service.health === undefined ? undefined : object(service.health, `${at}.health`);
  return {
    ...texts(service, at, ["version", "build", "address"], ["commit", "public"]),
    ...(health === undefined ? {} : { health: texts(health, `${at}.health`, [], ["live", "ready", "meta"]) }),
  };
}

function checksOf(value: unknown): object {
  return Array.isArray(value) ? { checks: value } : object(value, "checks");
}

function texts(from: Record<string, unknown>, at: string, needed: string[], possible: string[]): object {
  const entries = [...needed, ...possible].flatMap((key) => {
    const value = from[key];
    if (value === undefined && possible.includes(key)) return [];
    if (typeof value === "string" && value !== "") return [[key, value] as const];
    throw invalid(`${at === "" ? "" : `${at}.`}${key} is not a text`);
  });
  return Object.fromEntries(entries);
}

function object(value: unknown, at: string): Record<string, unknown> {
  if (typeof value === "object" && value !== null && !Array.isArray(value))
    return value as Record<string, unknown>;
  throw invalid(`${at === "" ? "it" : at} is not an object`);
}

function invalid(why: string, cause?: unknown): SlipwayError {
  return new SlipwayError("SMOKE_INVALID", {
    what: `Cannot read ${expectedVariable}`,
    why,
    todo: `Set ${expectedVariable} to JSON with release, digest and services {version, build, address}`,
    cause,
  });
}

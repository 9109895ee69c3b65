import type { CheckBase } from "./common.ts";
import type { Duration } from "./duration.ts";
import type { Expected } from "./expected.ts";
import type { FunctionCheck, HttpCheck, MetricsCheck, SiteCheck, VersionCheck } from "./http-checks.ts";
import type { CommandCheck, DnsCheck, FlowCheck, SqlCheck, TcpCheck, TlsCheck } from "./system-checks.ts";

/** One check of a suite; without `kind` it is an HTTP check. */
export type Check =
  | HttpCheck
  | VersionCheck
  | MetricsCheck
  | FunctionCheck
  | SiteCheck
  | TlsCheck
  | DnsCheck
  | TcpCheck
  | CommandCheck
  | SqlCheck
  | FlowCheck;

/** Where a service of a suite is found. */
export interface SuiteService {
  /** Where it is asked from inside: `http://127.0.0.1:4711`. */
  readonly address?: string;
  /** Where its users find it: `https://shop.example`. */
  readonly public?: string;
}

/** A part of the checks that runs by its own name, with its own deadline. */
export interface SubSuite {
  /** Checks with one of these tags. */
  readonly tags: readonly string[];
  readonly deadline?: Duration;
}

/** A set of checks that decides whether a release may serve. */
export interface Suite {
  /** For editors: the address of the JSON Schema. */
  readonly $schema?: string;
  readonly name?: string;
  /** The whole run's limit. Default 30 s. */
  readonly deadline?: Duration;
  /** Give up when nothing at all has answered for this long. Default 10 s. */
  readonly silence?: Duration;
  /** What must answer. Mostly given from outside, by the pin. */
  readonly expected?: Expected;
  readonly services?: Readonly<Record<string, SuiteService>>;
  /** Environment variables that `${NAME}` may stand for anywhere in a check. A secret one is never printed. */
  readonly env?: Readonly<Record<string, "secret" | "plain">>;
  /** What checks take over when they do not say it themselves. */
  readonly defaults?: Pick<CheckBase, "timeout" | "retry" | "stable">;
  readonly suites?: Readonly<Record<string, SubSuite>>;
  readonly checks: readonly Check[];
}

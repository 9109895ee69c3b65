export { defineSmoke } from "./src/definition/define-smoke.ts";
export type { Duration } from "./src/definition/duration.ts";
export type { Expected, ExpectedService, HealthPaths } from "./src/definition/expected.ts";
export {
  expectedVariable,
  parseExpected,
  type ReleaseExpected,
} from "./src/definition/parse-expected.ts";
export { releaseSuite } from "./src/definition/release-suite.ts";
export type {
  Check,
  CheckBase,
  FailureClass,
  HttpCheck,
  HttpExpectation,
  Matcher,
  MatcherOperators,
  Place,
  Reading,
  RetryPolicy,
  Stability,
  Suite,
  SuiteService,
  Vantage,
  VersionCheck,
  VersionSource,
} from "./src/definition/suite.ts";
export { fetchTransport } from "./src/engine/fetch-transport.ts";
export type { CheckReport, Counts, FailedAttempt, Finding, SmokeReport } from "./src/engine/report.ts";
export { runSmoke, type SmokeOptions } from "./src/engine/run-smoke.ts";
export type { HttpAnswer, HttpRequest, HttpTransport } from "./src/engine/transport.ts";
export { exitCodeOf, exitCodes } from "./src/reports/exit-code.ts";
export { renderJson } from "./src/reports/json.ts";
export { renderJsonLine, type SmokeLine } from "./src/reports/json-line.ts";
export { renderText } from "./src/reports/text.ts";

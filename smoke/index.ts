export type {
  CheckBase,
  FailureClass,
  Matcher,
  MatcherOperators,
  Place,
  RetryPolicy,
  SchemaResult,
  Stability,
  StandardSchema,
  Vantage,
} from "./src/definition/common.ts";
export { defineSmoke } from "./src/definition/define-smoke.ts";
export { type Duration, durationMs } from "./src/definition/duration.ts";
export type { Expected, ExpectedService, HealthPaths } from "./src/definition/expected.ts";
export type {
  CleanUp,
  FunctionCheck,
  HealthReading,
  HttpCheck,
  HttpExpectation,
  MetricsCheck,
  Reading,
  RequestParts,
  Samples,
  SiteCheck,
  VersionCheck,
  VersionSource,
} from "./src/definition/http-checks.ts";
export { expectedVariable, parseExpected, type ReleaseExpected } from "./src/definition/parse-expected.ts";
export { releaseSuite } from "./src/definition/release-suite.ts";
export type { Check, SubSuite, Suite, SuiteService } from "./src/definition/suite.ts";
export type {
  CommandCheck,
  DnsCheck,
  FlowCheck,
  FlowClient,
  FlowTools,
  SqlCheck,
  TcpCheck,
  TlsCheck,
} from "./src/definition/system-checks.ts";
export { CheckFailure } from "./src/engine/check-failure.ts";
export { fetchTransport } from "./src/engine/fetch-transport.ts";
export type {
  Certificate,
  CommandQuery,
  CommandResult,
  DnsQuery,
  Ports,
  SqlQuery,
  TcpQuery,
  TlsQuery,
} from "./src/engine/ports.ts";
export type { CheckReport, Counts, FailedAttempt, Finding, SmokeReport } from "./src/engine/report.ts";
export { runSmoke, type SmokeOptions } from "./src/engine/run-smoke.ts";
export type { HttpAnswer, HttpRequest, HttpTransport } from "./src/engine/transport.ts";
export { auditData, type SmokeAudit } from "./src/reports/audit-data.ts";
export { exitCodeOf, exitCodes } from "./src/reports/exit-code.ts";
export { renderJson } from "./src/reports/json.ts";
export { renderJsonLine, type SmokeLine } from "./src/reports/json-line.ts";
export { endEvent, renderEvent, type SmokeEvent } from "./src/reports/ndjson.ts";
export { type Format, formats, render } from "./src/reports/render.ts";
export { renderText } from "./src/reports/text.ts";
export { type RegisterTest, registerSmoke } from "./src/runners/register-smoke.ts";
export { checkSuite } from "./src/schema/check-suite.ts";

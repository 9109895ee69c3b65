export { type ClientPorts, systemPorts } from "./client/client-ports.ts";
export { FlagClient } from "./client/flag-client.ts";
export type { FlagClientOptions } from "./client/flag-client-options.ts";
export type { FlagEvent, FlagOrigin, FlagProblem, FlagStatus } from "./client/flag-events.ts";
export type { LastKnown, OverrideFile, SavedFlags } from "./client/flag-files.ts";
export { type FlagBootstrap, parseBootstrap } from "./client/parse-bootstrap.ts";
export {
  type Constraint,
  type ConstraintOperator,
  constraintOperators,
  type Segment,
} from "./document/constraint.ts";
export type {
  Dependency,
  Flag,
  FlagDeclaration,
  FlagState,
  Rule,
  Targeting,
  Variant,
} from "./document/flag.ts";
export type { FlagDocument } from "./document/flag-document.ts";
export { FlagDocumentError } from "./document/flag-document-error.ts";
export { type FlagRevision, replaces } from "./document/flag-revision.ts";
export type { FlagValue } from "./document/flag-value.ts";
export { initialFlag } from "./document/initial-flag.ts";
export { parseDeclaration } from "./document/parse-declaration.ts";
export { parseFlagDocument } from "./document/parse-flag-document.ts";
export type { FlagContext } from "./evaluate/flag-context.ts";
export type { FlagErrorCode, FlagReason, FlagResult } from "./evaluate/flag-result.ts";
export { type EvaluationPorts, FlagSet } from "./evaluate/flag-set.ts";
export type { FlagAcknowledgement, FlagSource } from "./source/flag-source.ts";
export { FlagSourceError, type FlagSourceFailure } from "./source/flag-source-error.ts";
export { importUnleash, type UnleashImport, type UnleashImportOptions } from "./unleash/import-unleash.ts";

export { type AuditEntry, appendAudit } from "./append-audit.ts";
export type { AuditEvent } from "./audit-event.ts";
export { bootstrapLedger } from "./bootstrap-ledger.ts";
export { call } from "./call.ts";
export { connect } from "./connect.ts";
export type { ConnectOptions, Database } from "./database.ts";
export { databaseError, isConnectionLoss, isPostgresError, type PostgresError } from "./database-error.ts";
export { DURATIONS_SINCE, type MigrationDuration, readDurations, type TableSize } from "./durations.ts";
export { exportAudit } from "./export-audit.ts";
export { keepHead, readHead, type StoredHead, type StoredProbe } from "./heads.ts";
export { type KeepLeaseOptions, type KeptLease, keepLease } from "./keep-lease.ts";
export { acquireLease, type HeldLease, type LeaseRequest, takeOverDeadLease } from "./lease.ts";
export type { LedgerIdentity } from "./ledger-identity.ts";
export type {
  AppliedMigration,
  AuditHead,
  InstanceRow,
  Kind,
  Lease,
  LedgerSnapshot,
  Outcome,
  Phase,
  Run,
  Stage,
  TrafficRow,
  VerifiedRun,
  WantedRelease,
} from "./ledger-snapshot.ts";
export { latestLedgerVersion } from "./ledger-steps.ts";
export {
  type Authority,
  setFingerprints,
  setTraffic,
  setWanted,
  stopInstance,
  upsertInstance,
} from "./mutations.ts";
export { emptyLedger, readLedger } from "./read-ledger.ts";
export { recordableOptional, recordableText } from "./recordable.ts";
export {
  advanceRun,
  finishRun,
  history,
  openRun,
  type RunEnd,
  type RunRequest,
  type RunView,
} from "./runs.ts";
export { type SavedColumn, savedColumns } from "./saved-columns.ts";
export { listSavedData, type PutBack, removeSavedData, type SavedData } from "./saved-data.ts";
export { readStoredMigrations, type StoredMigration } from "./stored-migrations.ts";
export {
  listStoredReleases,
  readStoredRelease,
  type StoredRelease,
  storeRelease,
} from "./stored-releases.ts";
export { type AuditProblem, type Verification, verifyAudit } from "./verify-audit.ts";

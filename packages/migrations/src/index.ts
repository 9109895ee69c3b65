export { type AdoptContext, adoptMigrations, forgetMigration } from "./adopt/adopt-migrations.ts";
export { type BaselineCheck, checkBaseline } from "./adopt/check-baseline.ts";
export {
  describeDifference,
  diffFingerprints,
  type FingerprintDiff,
  type SchemaDifference,
} from "./catalog/diff-fingerprints.ts";
export { describeDrift, driftSince, objectLines } from "./catalog/drift.ts";
export { type CatalogObject, type Fingerprint, fingerprint } from "./catalog/fingerprint.ts";
export { type ClassifiedStatement, classifyStatements } from "./classify/classify-statements.ts";
export type { Lock, LockMode, StatementFacts, Work } from "./classify/statement-facts.ts";
export {
  type Blocks,
  describeEffects,
  type EffectiveLock,
  type MigrationEffects,
} from "./estimate/describe-effects.ts";
export {
  type DurationSource,
  type EstimateInput,
  estimateTime,
  type TimeEstimate,
} from "./estimate/estimate-time.ts";
export { tableSizes } from "./estimate/table-sizes.ts";
export type { TableWork } from "./estimate/table-work.ts";
export { applyImport, importRefused } from "./import/apply-import.ts";
export { type ImportProblem, type Layout, layouts } from "./import/foreign-migration.ts";
export type { ImportOptions, ImportPlan, PlannedImport } from "./import/import-plan.ts";
export { planImport } from "./import/plan-import.ts";
export type { LintFinding } from "./lint/finding.ts";
export { isSupabase } from "./lint/is-supabase.ts";
export { type LintOptions, type LintSource, lintMigrations } from "./lint/lint-migrations.ts";
export { lintSources } from "./lint/lint-sources.ts";
export { countFindings, type LintCounts, renderFinding, renderFindings } from "./lint/render-findings.ts";
export { renderSarif } from "./lint/render-sarif.ts";
export type { Rule as LintRule, Severity } from "./lint/rule.ts";
export { rules as lintRules } from "./lint/rules.ts";
export { parseSquawk, squawkArguments } from "./lint/squawk.ts";
export { waiveSquawk } from "./lint/waive-squawk.ts";
export { checkRevert } from "./loss/check-revert.ts";
export { estimateLoss } from "./loss/estimate-loss.ts";
export { describeLoss, type LossEstimate, type LossItem, refuseLoss } from "./loss/loss-estimate.ts";
export { restoreSql } from "./loss/restore-sql.ts";
export { saveBeforeLoss } from "./loss/save-before-loss.ts";
export { compareVersions, downFile, type Kind, type Migration, type Phase, upFile } from "./migration.ts";
export { type MigrationRef, migrationRef, plannedMigration } from "./migration-ref.ts";
export {
  type ChainMatch,
  matchChains,
  type ReplacedMigration,
  singleIds,
} from "./plan/match-chains.ts";
export { planSchema, type SchemaPlan } from "./plan/plan-schema.ts";
export type { PlannedMigration } from "./plan/planned-migration.ts";
export { type RoutedRelease, routePins } from "./plan/route-pins.ts";
export type { SchemaBlock } from "./plan/schema-block.ts";
export { readProbes } from "./probe/read-probes.ts";
export { describeProbes, type ProbeResult, runProbes } from "./probe/run-probes.ts";
export { type CopyOf, copyOf } from "./prove/copy-of.ts";
export {
  type ChainProof,
  type MigrationProof,
  type ProofOptions,
  type ProofReport,
  proveMigrations,
} from "./prove/prove-migrations.ts";
export type { RowTrial, TableTrial } from "./prove/rows/row-trial.ts";
export { openScratchDatabase } from "./prove/scratch-database.ts";
export { supabaseStandIns } from "./prove/supabase-stand-ins.ts";
export { type UnprovedWaiver, unprovedWaiver, waiverCounts } from "./prove/unproved-waiver.ts";
export { LATE_FORM } from "./read/late.ts";
export { loadMigrations } from "./read/load-migrations.ts";
export { readMigrations } from "./read/read-migrations.ts";
export { versionGap } from "./read/version-gap.ts";
export { readRlsTests } from "./rls/read-rls-tests.ts";
export { type ActingAs, asRole, RlsFailure, type RlsSession, type RoleActor } from "./rls/rls-session.ts";
export { type RlsEvidence, type RlsTest, rlsTest } from "./rls/rls-test.ts";
export {
  type PolicyResult,
  type RlsOptions,
  type RlsReport,
  type RlsTestResult,
  runRlsTests,
} from "./rls/run-rls-tests.ts";
export { testPolicies } from "./rls/test-policies.ts";
export { abandonUnfinished } from "./run/abandon-unfinished.ts";
export { type AppliedResult, type ApplyContext, applyMigrations } from "./run/apply-migrations.ts";
export type { Blocker } from "./run/blocker-watch.ts";
export { type RevertContext, type RevertedResult, revertMigrations } from "./run/revert-migrations.ts";
export type { MigrationProgress, RunContext, RunLimits } from "./run/run-context.ts";
export { type UnfinishedMigration, unfinishedMigrations } from "./run/unfinished-migrations.ts";
export { parseSql, type SqlStatement } from "./sql/parse-sql.ts";
export type { SqlSource } from "./sql/source-position.ts";
export { touchedTables } from "./sql/touched-tables.ts";
export { planSquash, refuseSquash, type SquashPlan, type SquashProblem } from "./squash/plan-squash.ts";
export { proveSquash, type SquashProof } from "./squash/prove-squash.ts";
export { finishSquash, type SquashResult, writeSquash } from "./squash/write-squash.ts";
export { type SuggestedRollback, suggestRollbacks } from "./suggest/suggest-rollback.ts";
export { compareHistory, describeHistory, type HistoryDifferences } from "./supabase/compare-history.ts";
export { versionOf } from "./supabase/history-sql.ts";
export { type SupabaseHistory, type SupabaseMode, supabaseHistory } from "./supabase/supabase-history.ts";
export { type NewMigration, newMigration } from "./write/new-migration.ts";

/**
 * What a program needs that brings a schema to a list of migrations and nothing else: about a third of the library's
 * modules, for a process that starts often. Everything here is in the library's main entry too.
 *
 * @example
 * import { applyMigrations, loadMigrations, planSchema } from "@slipway/migrations/run";
 */
export { type MigrationRef, plannedMigration } from "./migration-ref.ts";
export { planSchema, type SchemaPlan } from "./plan/plan-schema.ts";
export { loadMigrations } from "./read/load-migrations.ts";
export { type ApplyContext, applyMigrations } from "./run/apply-migrations.ts";
export { type RevertContext, revertMigrations } from "./run/revert-migrations.ts";

export { compareVersions, type Kind, type Migration, type Phase } from "./migration.ts";
export { type MigrationRef, migrationRef, plannedMigration } from "./migration-ref.ts";
export { type PlannedMigration, planSchema, type SchemaBlock, type SchemaPlan } from "./plan/plan-schema.ts";
export { type RoutedRelease, routePins } from "./plan/route-pins.ts";
export { loadMigrations } from "./read/load-migrations.ts";
export { readMigrations } from "./read/read-migrations.ts";

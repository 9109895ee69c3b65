import { renderTable } from "../../render-table.ts";
import type { MigrationState } from "./migration-states.ts";

/** What is applied in an environment, as JSON. Additive only. */
export interface MigrationsView {
  readonly environment: string;
  readonly head: string | null;
  /** `differs`: the schema is not what it was when the head was settled on; null before that was ever recorded. */
  readonly drift: "none" | "differs" | null;
  readonly migrations: readonly MigrationState[];
  /** What does not fit together, each with what to do. */
  readonly problems: readonly string[];
}

/** The table for people, and below it what does not fit. */
export function renderMigrations(view: MigrationsView): string {
  const { environment, head, drift, migrations, problems } = view;
  const withHistory = migrations.some(({ supabase }) => supabase !== null);
  const rows = migrations.map(({ id, state, phase, kind, release, appliedAt, appliedBy, supabase }) => [
    id,
    state,
    `${phase}, ${kind}`,
    release ?? "not cut",
    appliedAt === null ? "" : `${appliedAt.slice(0, 16).replace("T", " ")} ${appliedBy}`,
    ...(withHistory ? [supabase ?? ""] : []),
  ]);
  const header = ["migration", "state", "kind", "release", "applied", ...(withHistory ? ["supabase"] : [])];
  const count = (state: MigrationState["state"]) =>
    migrations.filter((migration) => migration.state === state).length;
  const applied = migrations.length - count("pending");
  return [
    ...(rows.length === 0 ? ["there are no migrations"] : [renderTable(header, rows)]),
    `${environment}: ${applied} applied, ${count("pending")} pending; head ${head ?? "none"}${drift === null ? "" : `, schema ${drift === "none" ? "as recorded" : "differs from what was recorded"}`}`,
    ...problems.map((problem) => `warning: ${problem}`),
  ].join("\n");
}

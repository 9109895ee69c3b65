import type { AppliedMigration } from "@slipway/ledger";
import {
  type HistoryDifferences,
  type Kind,
  type Phase,
  type ReplacedMigration,
  singleIds,
  versionOf,
} from "@slipway/migrations";

/** Where one migration stands: on disk, in a release, in an environment. */
export interface MigrationState {
  readonly id: string;
  /** `changed`: applied, and its file is not what was applied. `no file`: applied, and not on disk. */
  readonly state: "applied" | "pending" | "changed" | "no file";
  readonly phase: Phase;
  readonly kind: Kind;
  /** The release that it was applied with, or else the first one that has it; null before it is cut. */
  readonly release: string | null;
  readonly appliedAt: string | null;
  readonly appliedBy: string | null;
  /** What the Supabase CLI's history says; null where there is none. */
  readonly supabase: "recorded" | "missing" | "foreign" | null;
}

/** What states are made from. */
export interface StateFacts {
  readonly disk: readonly {
    readonly id: string;
    readonly phase: Phase;
    readonly kind: Kind;
    readonly upSha256: string;
    readonly downSha256: string | null;
    /** What a squashed one stands for. */
    readonly replaces?: readonly ReplacedMigration[];
  }[];
  readonly applied: readonly AppliedMigration[];
  /** By id: the first release that has it. */
  readonly releases: ReadonlyMap<string, string>;
  readonly history: HistoryDifferences | null;
}

/** Puts together what disk, ledger and the Supabase CLI's history say of each migration, in the order of application. */
export function migrationStates({ disk, applied, releases, history }: StateFacts): MigrationState[] {
  // The single ones of a squashed file are on disk in it.
  const files = new Map<string, ReplacedMigration>();
  for (const migration of disk)
    for (const one of [...(migration.replaces ?? []), migration]) files.set(one.id, one);
  const missing = new Set(history?.missing);
  const foreign = new Set(history?.foreign.map(({ version }) => version));
  const supabaseOf = (id: string, isApplied: boolean): MigrationState["supabase"] => {
    if (history === null) return null;
    if (isApplied) return missing.has(id) ? "missing" : "recorded";
    return foreign.has(versionOf(id)) ? "foreign" : null;
  };
  const done = applied.map((row): MigrationState => {
    const file = files.get(row.id);
    const same = file?.upSha256 === row.upSha256 && file.downSha256 === (row.downSha256 || null);
    return {
      id: row.id,
      state: file === undefined ? "no file" : same ? "applied" : "changed",
      phase: row.phase,
      kind: row.kind,
      release: row.release,
      appliedAt: row.appliedAt,
      appliedBy: row.appliedBy,
      supabase: supabaseOf(row.id, true),
    };
  });
  const known = new Set([...applied.map(({ id }) => id), ...singleIds(applied)]);
  const pending = disk
    .filter((one) => !known.has(one.id) && !singleIds([one]).every((id) => known.has(id)))
    .map(
      ({ id, phase, kind }): MigrationState => ({
        id,
        state: "pending",
        phase,
        kind,
        release: releases.get(id) ?? null,
        appliedAt: null,
        appliedBy: null,
        supabase: supabaseOf(id, false),
      }),
    );
  return [...done, ...pending];
}

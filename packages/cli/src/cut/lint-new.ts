import { existsSync } from "node:fs";
import { join } from "node:path";
import { SlipwayError } from "@slipway/kernel";
import {
  countFindings,
  isSupabase,
  lintMigrations,
  type Migration,
  renderFinding,
} from "@slipway/migrations";

/** Where the migrations lie, and who is told. */
export interface LintNewOptions {
  /** The project's root. */
  readonly root: string;
  /** The migrations that an older release has: they are not judged again. */
  readonly known: ReadonlySet<string>;
  readonly onProgress: (line: string) => void;
}

/** More warnings than these are only counted. */
const SHOWN = 10;

/**
 * Lints the migrations that are new in a release, as what will be applied together. Warnings are told; notes are not.
 *
 * @throws {SlipwayError} LINT_FAILED with the first errors.
 */
export async function lintNew(migrations: readonly Migration[], options: LintNewOptions): Promise<void> {
  const { root, known, onProgress } = options;
  const file = (id: string) => `migrations/${id}.sql`;
  const judged = new Set(migrations.filter(({ id }) => !known.has(id)).map(({ id }) => file(id)));
  if (judged.size === 0) return;
  const sources = migrations.map(({ id, up, down }) => ({
    up: { file: file(id), text: up },
    rollback: down === null ? null : { file: `migrations/rollbacks/${id}.sql`, text: down },
  }));
  const supabase =
    existsSync(join(root, "supabase", "config.toml")) || isSupabase(migrations.map(({ up }) => up));
  const findings = await lintMigrations(sources, { now: new Date(), supabase, judged, together: true });
  const open = findings.filter(({ waiver }) => waiver === null);
  const warnings = open.filter(({ severity }) => severity === "warning");
  for (const warning of warnings.slice(0, SHOWN)) onProgress(renderFinding(warning));
  if (warnings.length > SHOWN) {
    onProgress(`and ${warnings.length - SHOWN} more warnings: slipway migrate lint shows all`);
  }
  const errors = open.filter(({ severity }) => severity === "error");
  if (errors.length === 0) return;
  throw new SlipwayError("LINT_FAILED", {
    what: "Cannot cut a release with these migrations",
    why: [
      `the lint has ${countFindings(findings).errors === 1 ? "an error" : `${errors.length} errors`}`,
      ...errors.slice(0, SHOWN).map((error) => renderFinding(error).replaceAll("\n", "\n  ")),
    ].join("\n    "),
    todo: "Do what the lines say, or allow one with a date and a reason: packages/docs/lint.md",
  });
}

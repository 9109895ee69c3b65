import type { SlipwayError } from "@slipway/kernel";
import { placedProblem } from "../sql/migration-invalid.ts";
import { parseSql } from "../sql/parse-sql.ts";
import { adaptSql } from "./adapt-sql.ts";
import type { ForeignMigration, ImportProblem } from "./foreign-migration.ts";
import type { ImportOptions, PlannedImport } from "./import-plan.ts";
import { isThere } from "./in-the-way.ts";

/** How long what an import allows is allowed: time to cut the first release. */
const WAIVER_DAYS = 90;

/** The texts that are checked, in the places of the other tool's files. */
export interface Checked {
  readonly file: string;
  readonly up: string;
  readonly downFile: string;
  readonly down: string | null;
}

/**
 * Writes one migration in our layout.
 *
 * @param gap why versions before it are missing; null where none are.
 * @throws {SlipwayError} MIGRATION_INVALID for SQL that does not parse.
 */
export async function adaptMigration(
  { version, name, file, downFile: downFrom, ...foreign }: ForeignMigration,
  { into, now }: ImportOptions,
  gap: string | null,
): Promise<{ planned: PlannedImport; checked: Checked }> {
  const id = `${version}_${ourName(name)}`;
  const until = new Date(now.getTime() + WAIVER_DAYS * 86_400_000).toISOString().slice(0, 10);
  const given = await adaptSql({ file, text: foreign.up }, until);
  const isEmpty = (await parseSql({ file, text: given.text })).length === 0;
  // Its version was recorded where it ran, so it has its place here too.
  const up = isEmpty
    ? {
        text: `${given.text.trimEnd()}\nselect 1;\n`.trimStart(),
        checked: "select 1;",
        changes: ["it was empty: select 1; added"],
      }
    : given;
  const down =
    foreign.down === null ? null : await adaptSql({ file: downFrom ?? file, text: foreign.down }, null);
  const hasDown = down !== null && (await parseSql({ file: downFrom ?? file, text: down.text })).length > 0;
  const why = down === null ? "imported without a rollback" : "imported with an empty rollback";
  // Halves of files begin on the lines that they have there.
  const [upText, downText] = [up.text, down?.text ?? ""].map((text) => text.replace(/^(?:[ \t]*\r?\n)+/, ""));
  const header = [
    ...(hasDown ? [] : [`-- slipway: irreversible ${why}`]),
    ...(gap === null ? [] : [`-- slipway: gap ${gap}`]),
  ];
  const text = [...header, upText].join("\n");
  const planned = {
    id,
    from: file,
    downFrom: hasDown ? downFrom : null,
    up: text,
    down: hasDown ? downText! : null,
    changes: [...up.changes, ...(hasDown ? down.changes.map((change) => `rollback: ${change}`) : [why])],
  };
  const checked = { file, up: up.checked, downFile: downFrom ?? file, down: hasDown ? down.checked : null };
  return { planned: { ...planned, state: isThere(planned, into) ? "same" : "new" }, checked };
}

/** An error of {@link adaptMigration} as a problem of the import: its words begin with the place, which is told once. */
export function problemOf({ file, up, down }: ForeignMigration, error: SlipwayError): ImportProblem {
  const placed = placedProblem(error);
  const at = placed === null ? -1 : (error.why ?? "").indexOf(`: ${placed.why}`);
  if (placed === null || at < 0) return { file, why: error.why ?? error.what, todo: error.todo };
  // Flyway's placeholders, and the templates of programs that fill them in.
  const isTemplate = /\$\{\w|\{\{/.test(`${up}${down ?? ""}`);
  const todo = isTemplate ? "Write what the placeholder stands for: templates are not SQL" : placed.todo;
  return { file: (error.why ?? "").slice(0, at), why: placed.why, todo };
}

function ourName(name: string): string {
  return (
    name
      .toLowerCase()
      .replace(/[^a-z0-9_]+/g, "_")
      .replace(/^_+|_+$/g, "") || "migration"
  );
}

import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { SlipwayError } from "@slipway/kernel";
import { downFile, upFile } from "../migration.ts";
import type { ImportPlan } from "./import-plan.ts";

/**
 * Writes the new migrations of a plan. Rollbacks go first, so that a killed import leaves no migration without its
 * rollback; the next import goes on.
 *
 * @returns the files written, relative to the migrations folder.
 * @throws {SlipwayError} IMPORT_REFUSED for a plan with problems, FOLDER_NOT_WRITABLE; what was written is taken away.
 */
export function applyImport(plan: ImportPlan, into: string): string[] {
  if (plan.problems.length > 0) throw importRefused(plan);
  const written: string[] = [];
  const write = (file: string, text: string) => {
    const path = join(into, file);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text, { flag: "wx" });
    written.push(file);
  };
  try {
    for (const { id, up, down, state } of plan.migrations) {
      if (state === "same") continue;
      if (down !== null) write(downFile(id), down);
      write(upFile(id), up);
    }
  } catch (cause) {
    for (const file of written) rmSync(join(into, file), { force: true });
    throw new SlipwayError("FOLDER_NOT_WRITABLE", {
      what: "Cannot write the imported migrations",
      why: cause instanceof Error ? cause.message : String(cause),
      cause,
    });
  }
  return written;
}

/** The refusal of a plan that has problems, with all of them. */
export function importRefused({ problems, layout, migrations }: ImportPlan): SlipwayError {
  return new SlipwayError("IMPORT_REFUSED", {
    what: `Cannot import these migrations${migrations.length > 0 ? ` of ${layout}` : ""}`,
    why: [
      problems.length === 1 ? "there is a problem" : `there are ${problems.length} problems`,
      ...problems.map(({ file, why, todo }) => `${file}: ${why}\n      ${todo}`),
    ].join("\n    "),
    todo: "Correct the named files where they are, and import again; nothing was written",
  });
}

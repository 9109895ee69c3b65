import type { Phase } from "../migration.ts";

/** The texts of a new migration and of its rollback: comments only, so that nothing unfinished can be released. */
export function migrationTemplate(id: string, phase: Phase): { up: string; down: string } {
  return {
    up: [
      ...(phase === "contract" ? ["-- slipway: contract"] : []),
      `-- ${id}: what this changes, and why.`,
      "--",
      "-- The file is one transaction: no BEGIN, no COMMIT. CREATE INDEX CONCURRENTLY needs a file of its own.",
      "--",
      "-- Directives are lines at the top, each written as two dashes, a space, slipway: and the words:",
      "--   contract               runs after the older app has stopped; without it, before the newer one starts",
      "--   lossless REASON        undoing it loses nothing, although its rollback looks as if it did",
      "--   lossy REASON           undoing it loses rows, although its rollback does not look so",
      "--   irreversible REASON    it cannot be undone; delete its rollback file",
      "",
      "",
    ].join("\n"),
    down: [
      `-- Undoes ${id}, in the reverse order of its statements.`,
      "-- It has to lead back to the very same schema: slipway cut proves that, and refuses the release otherwise.",
      "-- Where nothing is to be undone: select 1;",
      "",
      "",
    ].join("\n"),
  };
}

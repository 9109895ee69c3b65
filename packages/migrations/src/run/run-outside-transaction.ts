import { isSlipwayError } from "@slipway/kernel";
import type { Database } from "@slipway/ledger";
import { escapeLiteral } from "pg";
import { parseSql, type SqlStatement } from "../sql/parse-sql.ts";
import { quoteName } from "../sql/quote-name.ts";
import { objectName, relationName } from "../sql/syntax-tree.ts";
import { dropIfInvalid, dropLeftovers, indexState } from "./index-state.ts";
import { recordStart } from "./record-start.ts";
import type { RunContext } from "./run-context.ts";
import { endOrphans, marked } from "./run-marker.ts";
import { StatementError } from "./statement-error.ts";
import { epilogue, type MessageContext, prologue, type WorkUnit } from "./work-unit.ts";

/**
 * Runs the statements of a unit one by one, each on its own, and records it after the last. Before the first, the audit
 * gets `migration.started`: a later run that finds this without an end knows that an index of that name is this
 * migration's own work, and goes on where it stopped.
 */
export async function runOutsideTransaction(
  db: Database,
  unit: WorkUnit,
  message: MessageContext,
  context: Pick<RunContext, "token" | "run" | "actor">,
): Promise<void> {
  const resumed = await recordStart(db, unit, context);
  if (resumed) await endOrphans(db, context.token);
  await runStatements(db, await parseSql(unit.source), message, resumed);
  await db.script(`begin;\n${prologue(message)}${epilogue(unit).slice(1)}commit`);
}

/**
 * Runs statements that cannot run in a transaction. Behind a pooler they go without timeouts: it may give each to another
 * session, and hand what is set there on to other clients.
 *
 * @param resumed whether they may have run before, in part or wholly: then what is there already is left alone.
 */
export async function runStatements(
  db: Database,
  statements: readonly SqlStatement[],
  message: MessageContext,
  resumed: boolean,
): Promise<void> {
  const pooled = (await db.pooled?.()) ?? false;
  const marking: Database = pooled ? { ...db, script: (sql) => db.script(marked(sql, message.marker)) } : db;
  if (!pooled) await setSession(db, message);
  try {
    for (const statement of statements) {
      // Whoever lost the lease in the statement before leaves the next one to its new holder; a trial has none.
      if (message.token > 0) await db.query("select slipway.fence($1)", [message.token]);
      await runStatement(marking, statement, resumed).catch((error: unknown) => {
        throw isSlipwayError(error) ? error : new StatementError(error, statement.start);
      });
    }
  } finally {
    // On a connection that is lost there is nothing to reset.
    if (!pooled) await db.script("reset all").catch(() => undefined);
  }
}

function setSession(db: Database, { limits, marker }: MessageContext): Promise<void> {
  // Waiting for others' transactions here keeps nobody else waiting, so it may take all the time there is.
  return db.script(
    `set application_name = ${escapeLiteral(marker)};
     set lock_timeout = ${limits.lockDeadlineMs}; set statement_timeout = ${limits.statementTimeoutMs}`,
  );
}

async function runStatement(db: Database, { node, text }: SqlStatement, resumed: boolean): Promise<void> {
  if ("IndexStmt" in node) {
    const table = relationName(node.IndexStmt.relation);
    const index = node.IndexStmt.idxname ?? "";
    await dropIfInvalid(db, table, index);
    if (resumed && (await indexState(db, table, index)) === "valid") return;
    await db.script(text).catch(async (error: unknown) => {
      // What is left is found again by the next run too, when it cannot be dropped now.
      await dropIfInvalid(db, table, index).catch(() => undefined);
      throw error;
    });
    if ((await indexState(db, table, index)) === "invalid") {
      throw new Error(`index ${index} was left invalid: another statement stopped its making`);
    }
    return;
  }
  if ("DropStmt" in node && resumed) {
    const [row] = await db.query<{ present: boolean }>("select to_regclass($1) is not null as present", [
      quoteName(objectName(node.DropStmt.objects?.[0])),
    ]);
    if (row?.present === false) return;
  }
  if ("ReindexStmt" in node && resumed) await dropLeftovers(db);
  await db.script(text);
}

import type { RangeVar } from "libpg-query";
import { nameKey, relationName, strings, walkTree } from "../../sql/syntax-tree.ts";
import { type FamilyFacts, facts, type Lock, strongerLock } from "../statement-facts.ts";
import type { Family } from "./family.ts";
import { readLocks } from "./read-locks.ts";

/** Reading and writing of rows. */
export const rowsFamily: Family = {
  SelectStmt: (body) => rows("SELECT", body),
  InsertStmt: (body) => rows("INSERT", { InsertStmt: body }, body.relation),
  UpdateStmt: (body) => rows("UPDATE", { UpdateStmt: body }, body.relation),
  DeleteStmt: (body) => rows("DELETE", { DeleteStmt: body }, body.relation),
  MergeStmt: (body) => rows("MERGE", { MergeStmt: body }, body.relation),
  CopyStmt: (body) => {
    const from = body.is_from === true;
    const mode = from ? "ROW EXCLUSIVE" : "ACCESS SHARE";
    const locks: Lock[] = body.relation
      ? [{ relation: nameKey(relationName(body.relation)), mode }]
      : readLocks(body.query);
    return facts(from ? "COPY … FROM" : "COPY … TO", { locks, touches: from ? "data" : "session" });
  },
  DoStmt: () => facts("DO", { touches: "unknown" }),
  CallStmt: () => facts("CALL", { touches: "unknown" }),
  ExecuteStmt: () => facts("EXECUTE", { touches: "unknown" }),
};

function rows(name: string, node: object, target?: RangeVar): FamilyFacts {
  const locks = new Map(readLocks(node).map((lock) => [lock.relation, lock]));
  const lock = (relation: RangeVar | undefined, mode: Lock["mode"]) => {
    const key = nameKey(relationName(relation));
    locks.set(key, { relation: key, mode: strongerLock(mode, locks.get(key)?.mode ?? mode) });
  };
  if (target !== undefined) lock(target, "ROW EXCLUSIVE");
  let writes = target !== undefined;
  let locking = false;
  let calls = false;
  let into: string | null = null;
  walkTree({ Statement: node }, (tag, body) => {
    // Also inside a WITH.
    if (/^(?:Insert|Update|Delete|Merge)Stmt$/.test(tag)) {
      writes = true;
      lock(body.relation as RangeVar, "ROW EXCLUSIVE");
    }
    if (tag === "LockingClause") locking = true;
    if (tag === "FuncCall") calls ||= isOwnCode(strings(body.funcname as never));
  });
  if ("intoClause" in node) {
    into = nameKey(relationName((node.intoClause as { rel?: RangeVar }).rel));
    locks.delete(into);
  }
  const all = [...locks.values()].map((found) =>
    locking && found.mode === "ACCESS SHARE" ? { ...found, mode: "ROW SHARE" as const } : found,
  );
  const touches = into !== null ? "both" : writes ? "data" : calls ? "unknown" : "session";
  return facts(into === null ? name : "SELECT INTO", { locks: all, touches });
}

// A function that is written with its schema is somebody's own; those of Postgres are written bare.
function isOwnCode(name: readonly string[]): boolean {
  return name.length > 1 && name[0] !== "pg_catalog";
}

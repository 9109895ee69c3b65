import { nameKey, relationName } from "../../sql/syntax-tree.ts";
import { facts, type Lock, lockModes } from "../statement-facts.ts";
import type { Family } from "./family.ts";

/** Upkeep of tables, locks taken by hand, transactions and settings. */
export const maintenanceFamily: Family = {
  VacuumStmt: ({ is_vacuumcmd, options = [], rels = [] }) => {
    const vacuum = is_vacuumcmd === true;
    const full = options.some((option) => "DefElem" in option && option.DefElem.defname === "full");
    const tables = rels.flatMap((node) =>
      "VacuumRelation" in node ? [nameKey(relationName(node.VacuumRelation.relation))] : [],
    );
    return facts(vacuum ? (full ? "VACUUM FULL" : "VACUUM") : "ANALYZE", {
      locks: tables.map(
        (relation): Lock => ({ relation, mode: full ? "ACCESS EXCLUSIVE" : "SHARE UPDATE EXCLUSIVE" }),
      ),
      work: full ? "rewrite" : "scan",
      workOn: tables[0] ?? null,
      touches: "session",
      transactional: !vacuum,
    });
  },
  ClusterStmt: ({ relation }) => {
    const table = relation === undefined ? null : nameKey(relationName(relation));
    return facts("CLUSTER", {
      locks: table === null ? [] : [{ relation: table, mode: "ACCESS EXCLUSIVE" }],
      work: "rewrite",
      workOn: table,
      transactional: table !== null,
    });
  },
  LockStmt: ({ relations = [], mode = lockModes.length }) =>
    facts("LOCK TABLE", {
      locks: relations.flatMap((node): Lock[] =>
        "RangeVar" in node
          ? [
              {
                relation: nameKey(relationName(node.RangeVar)),
                mode: lockModes[mode - 1] ?? "ACCESS EXCLUSIVE",
              },
            ]
          : [],
      ),
      touches: "session",
    }),
  TransactionStmt: ({ kind = "" }) =>
    facts(kind.replace("TRANS_STMT_", "").replaceAll("_", " "), { touches: "session" }),
  VariableSetStmt: ({ is_local }) => facts(is_local === true ? "SET LOCAL" : "SET", { touches: "session" }),
  VariableShowStmt: () => facts("SHOW", { touches: "session" }),
  DiscardStmt: ({ target }) =>
    facts("DISCARD", { touches: "session", transactional: target !== "DISCARD_ALL" }),
  NotifyStmt: () => facts("NOTIFY", { touches: "session" }),
  ListenStmt: () => facts("LISTEN", { touches: "session" }),
  PrepareStmt: () => facts("PREPARE", { touches: "session" }),
  DeallocateStmt: () => facts("DEALLOCATE", { touches: "session" }),
  ExplainStmt: () => facts("EXPLAIN", { touches: "session" }),
  CreatedbStmt: () => facts("CREATE DATABASE", { transactional: false }),
  DropdbStmt: () => facts("DROP DATABASE", { transactional: false }),
  AlterSystemStmt: () => facts("ALTER SYSTEM", { transactional: false }),
  CreateTableSpaceStmt: () => facts("CREATE TABLESPACE", { transactional: false }),
  DropTableSpaceStmt: () => facts("DROP TABLESPACE", { transactional: false }),
  // Only one that makes nothing at the other end can be undone with its transaction.
  CreateSubscriptionStmt: ({ options = [] }) =>
    facts("CREATE SUBSCRIPTION", {
      transactional: options.some(
        (option) => "DefElem" in option && /^(?:connect|create_slot)$/.test(option.DefElem.defname ?? ""),
      ),
    }),
  DropSubscriptionStmt: () => facts("DROP SUBSCRIPTION", { transactional: false }),
};

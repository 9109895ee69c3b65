import type { ClassifiedStatement } from "../../classify/classify-statements.ts";
import { nameKey, relationName } from "../../sql/syntax-tree.ts";
import { placeOf, type Rule } from "../rule.ts";
import { createdPublicTables, mentions } from "./public-tables.ts";

export const tableWithoutGrant: Rule = {
  code: "ML302",
  name: "table-without-grant",
  severity: "warning",
  roles: ["up"],
  where: "supabase",
  why: "Supabase no longer grants rights on new tables in public: without a GRANT the API answers that permission is denied.",
  fix: "grant select, insert, update, delete on <table> to authenticated (and to anon, service_role where they need it)",
  check({ statements, fromHere, everywhere }) {
    const granted = new Set(fromHere.flatMap(({ statement }) => grantedTables(statement.node)));
    if (
      granted.has("*") ||
      everywhere.some(({ statement }) => "AlterDefaultPrivilegesStmt" in statement.node)
    )
      return [];
    if (mentions(fromHere, /\bgrant\b/i)) return [];
    return createdPublicTables(statements)
      .filter(({ table }) => !granted.has(table))
      .map(({ table, statement }) => ({
        ...placeOf(statement),
        message: `no role of the API is granted anything on ${table}`,
        fix: `grant select, insert, update, delete on ${table} to authenticated; or revoke all on ${table} from anon, authenticated, where that is meant`,
      }));
  },
};

// A REVOKE counts as well: whoever writes it has thought of the rights.
function grantedTables(node: ClassifiedStatement["statement"]["node"]): string[] {
  if (!("GrantStmt" in node)) return [];
  const { objtype, targtype, objects = [] } = node.GrantStmt;
  if (targtype === "ACL_TARGET_ALL_IN_SCHEMA") return ["*"];
  if (objtype !== "OBJECT_TABLE") return [];
  return objects.flatMap((object) => ("RangeVar" in object ? [nameKey(relationName(object.RangeVar))] : []));
}

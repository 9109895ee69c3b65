import { nameKey, relationName } from "../../sql/syntax-tree.ts";
import { placeOf, type Rule } from "../rule.ts";
import { createdPublicTables, mentions } from "./public-tables.ts";

export const tableWithoutRowSecurity: Rule = {
  code: "ML301",
  name: "table-without-row-security",
  severity: "error",
  roles: ["up"],
  where: "supabase",
  why: "A table in public without row level security is open to everybody who has the API's public key, as soon as a grant lets them at it.",
  fix: "alter table <table> enable row level security, and a policy for those who may see its rows",
  check(unit) {
    const secured = new Set<string>();
    for (const { statement } of unit.fromHere) {
      if (!("AlterTableStmt" in statement.node)) continue;
      const { relation, cmds = [] } = statement.node.AlterTableStmt;
      const enables = cmds.some(
        (cmd) => "AlterTableCmd" in cmd && cmd.AlterTableCmd.subtype === "AT_EnableRowSecurity",
      );
      if (enables) secured.add(nameKey(relationName(relation)));
    }
    if (mentions(unit.fromHere, /enable\s+row\s+level\s+security/i)) return [];
    return createdPublicTables(unit.statements)
      .filter(({ table }) => !secured.has(table))
      .map(({ table, statement }) => ({
        ...placeOf(statement),
        message: `row level security is not enabled for ${table}`,
        fix: `alter table ${table} enable row level security; and a policy for those who may see its rows`,
      }));
  },
};

import { eachStatement, type Rule } from "../rule.ts";

export const columnRewritesTable: Rule = {
  code: "ML202",
  name: "column-rewrites-table",
  severity: "warning",
  roles: ["up", "rollback"],
  where: "everywhere",
  why: "A new column with a volatile default, an identity, a serial or a stored expression writes every row anew while nobody can read the table.",
  fix: "Add the column without it, set the default afterwards (it counts for new rows), and fill the old rows in chunks",
  check: eachStatement(({ name, work, workOn, workFelt }) =>
    workFelt && work === "rewrite" && /ADD COLUMN|SET EXPRESSION/.test(name)
      ? `every row of ${workOn} is written anew, and nobody can read it meanwhile`
      : null,
  ),
};

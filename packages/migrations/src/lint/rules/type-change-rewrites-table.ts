import { eachStatement, type Rule } from "../rule.ts";

export const typeChangeRewritesTable: Rule = {
  code: "ML203",
  name: "type-change-rewrites-table",
  severity: "warning",
  roles: ["up", "rollback"],
  where: "everywhere",
  why: "A change of a column's type writes every row anew while nobody can read the table, unless old and new type are stored alike.",
  fix: "Add a column of the new type, keep both equal by a trigger, fill it in chunks, and drop the old one in a contract",
  check: eachStatement(({ name, work, workOn, workFelt }) =>
    workFelt && work === "rewrite" && / TYPE(?:,|$)/.test(name)
      ? `unless both types are stored alike, every row of ${workOn} is written anew, and nobody can read it meanwhile`
      : null,
  ),
};

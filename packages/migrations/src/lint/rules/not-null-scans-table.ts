import { eachStatement, type Rule } from "../rule.ts";

export const notNullScansTable: Rule = {
  code: "ML206",
  name: "not-null-scans-table",
  severity: "warning",
  roles: ["up", "rollback"],
  where: "everywhere",
  why: "SET NOT NULL looks at every row while nobody can read the table, unless a valid check already says that there are no NULLs.",
  fix: "Add CHECK (column IS NOT NULL) NOT VALID, validate it in the next migration, then SET NOT NULL and drop the check",
  check: eachStatement(({ name, workOn, workFelt }) =>
    workFelt && /SET NOT NULL|ADD CONSTRAINT notnull/.test(name)
      ? `every row of ${workOn} is looked at, and nobody can read it meanwhile`
      : null,
  ),
};

import { eachStatement, type Rule } from "../rule.ts";

export const constraintScansTable: Rule = {
  code: "ML205",
  name: "constraint-scans-table",
  severity: "warning",
  roles: ["up", "rollback"],
  where: "everywhere",
  why: "A foreign key or a check that is added without NOT VALID looks at every row while others wait: for a foreign key the writers of both tables, for a check everybody.",
  fix: "Add it NOT VALID, and run VALIDATE CONSTRAINT in the next migration: that lets writers in",
  check: eachStatement(({ name, work, workOn, workFelt, felt }) => {
    if (!workFelt || work !== "scan" || !/ADD CONSTRAINT (?:foreign key|check)|ADD COLUMN/.test(name))
      return null;
    const tables = felt.map(({ relation }) => relation).join(" and ");
    const cannot = felt.some(({ mode }) => mode === "ACCESS EXCLUSIVE") ? "read" : "write to";
    return `every row of ${workOn} is looked at, and nobody can ${cannot} ${tables} meanwhile`;
  }),
};

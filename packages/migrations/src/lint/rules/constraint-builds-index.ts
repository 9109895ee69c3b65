import { eachStatement, type Rule } from "../rule.ts";

export const constraintBuildsIndex: Rule = {
  code: "ML207",
  name: "constraint-builds-index",
  severity: "warning",
  roles: ["up", "rollback"],
  where: "everywhere",
  why: "A unique, primary key or exclusion constraint builds its index while nobody can read the table.",
  fix: "CREATE UNIQUE INDEX CONCURRENTLY in a migration of its own, then ADD CONSTRAINT … USING INDEX",
  check: eachStatement(({ name, work, workOn, workFelt }) =>
    workFelt && work === "build" && name.startsWith("ALTER TABLE")
      ? `nobody can read ${workOn} until the constraint's index is built`
      : null,
  ),
};

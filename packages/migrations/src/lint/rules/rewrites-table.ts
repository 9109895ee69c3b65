import { eachStatement, type Rule } from "../rule.ts";

export const rewritesTable: Rule = {
  code: "ML204",
  name: "rewrites-table",
  severity: "warning",
  roles: ["up", "rollback"],
  where: "everywhere",
  why: "CLUSTER, VACUUM FULL, SET LOGGED, SET TABLESPACE and REFRESH MATERIALIZED VIEW write everything anew while nobody can read it.",
  fix: "Do it at a quiet time and outside a release; REFRESH … CONCURRENTLY lets readers in",
  check: eachStatement(({ name, work, workOn, workFelt }) =>
    workFelt && work === "rewrite" && !/ADD COLUMN|SET EXPRESSION| TYPE(?:,|$)/.test(name)
      ? `${name} writes ${workOn ?? "every table"} anew, and nobody can read it meanwhile`
      : null,
  ),
};

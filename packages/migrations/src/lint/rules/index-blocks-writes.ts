import { eachStatement, type Rule } from "../rule.ts";

export const indexBlocksWrites: Rule = {
  code: "ML201",
  name: "index-blocks-writes",
  severity: "warning",
  roles: ["up", "rollback"],
  where: "everywhere",
  why: "CREATE INDEX keeps every writer of the table waiting until the index is built.",
  fix: "Write CREATE INDEX CONCURRENTLY with a name, in a migration of its own",
  check: eachStatement(({ statement: { node }, felt, workFelt }) => {
    if (!("IndexStmt" in node) || node.IndexStmt.concurrent === true || !workFelt) return null;
    return `nobody can write to ${felt[0]?.relation} until this index is built`;
  }),
};

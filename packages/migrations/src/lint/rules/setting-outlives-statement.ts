import { eachStatement, type Rule } from "../rule.ts";

export const settingOutlivesStatement: Rule = {
  code: "ML402",
  name: "setting-without-local",
  severity: "note",
  roles: ["up"],
  where: "supabase",
  why: "A SET without LOCAL is undone by Slipway after the file; other runners, and a pooler in between, may carry it into what comes next.",
  fix: "Write SET LOCAL",
  check: eachStatement(({ name, statement: { node } }) =>
    name === "SET" && "VariableSetStmt" in node && !/^VAR_RESET/.test(node.VariableSetStmt.kind ?? "")
      ? `SET ${node.VariableSetStmt.name ?? ""} without LOCAL can outlive this file`
      : null,
  ),
};

import type { ClassifiedStatement } from "../../classify/classify-statements.ts";
import { nameKey, relationName } from "../../sql/syntax-tree.ts";
import { placeOf, type Rule } from "../rule.ts";

export const viewPastRowSecurity: Rule = {
  code: "ML305",
  name: "view-past-row-security",
  severity: "warning",
  roles: ["up"],
  where: "supabase",
  why: "A view reads with the rights of its owner, past the row level security of its tables, unless it has security_invoker.",
  fix: "create view … with (security_invoker = true) as …",
  check({ statements, fromHere }) {
    const invoked = new Set(fromHere.flatMap(alteredViews));
    return statements.flatMap((one) => {
      const { node } = one.statement;
      if (!("ViewStmt" in node)) return [];
      const view = nameKey(relationName(node.ViewStmt.view));
      if (view.includes(".") || hasInvoker(node.ViewStmt.options) || invoked.has(view)) return [];
      return [{ ...placeOf(one), message: `view ${view} reads past the row level security of its tables` }];
    });
  },
};

function alteredViews({ statement: { node } }: ClassifiedStatement): string[] {
  if (!("AlterTableStmt" in node)) return [];
  const sets = (node.AlterTableStmt.cmds ?? []).some(
    (cmd) =>
      "AlterTableCmd" in cmd &&
      cmd.AlterTableCmd.subtype === "AT_SetRelOptions" &&
      cmd.AlterTableCmd.def !== undefined &&
      "List" in cmd.AlterTableCmd.def &&
      hasInvoker(cmd.AlterTableCmd.def.List.items),
  );
  return sets ? [nameKey(relationName(node.AlterTableStmt.relation))] : [];
}

function hasInvoker(options: readonly unknown[] = []): boolean {
  return options.some(
    (option) =>
      typeof option === "object" &&
      option !== null &&
      "DefElem" in option &&
      (option.DefElem as { defname?: string }).defname === "security_invoker",
  );
}

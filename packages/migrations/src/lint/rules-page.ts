import { fileRules } from "./file-rules.ts";
import { rules } from "./rules.ts";

/** The table of the page of the rules, `packages/docs/lint.md`: made from the rules themselves. */
export function rulesTable(): string {
  const cell = (text: string) => text.replaceAll("|", "\\|");
  const all = [
    ...Object.values(fileRules).map((rule) => ({ ...rule, where: "everywhere", roles: ["up", "rollback"] })),
    ...rules,
  ];
  return all
    .map(({ code, name, severity, where, roles, why, fix }) => {
      const files =
        roles.length === 2 ? "migration and rollback" : roles[0] === "up" ? "migration" : "rollback";
      const only = where === "supabase" ? ", Supabase only" : "";
      return `### ${code} ${name}\n\n_${severity}; ${files}${only}._ ${cell(why)}\n\nWhat to do: ${cell(fix)}.\n`;
    })
    .join("\n");
}

import { placeOf, type Rule } from "../rule.ts";

export const rollbackDoesNothing: Rule = {
  code: "ML501",
  name: "rollback-does-nothing",
  severity: "warning",
  roles: ["rollback"],
  where: "everywhere",
  why: "The migration changes something and its rollback changes nothing.",
  fix: "Write what undoes it; or delete the file and write `-- slipway: irreversible <reason>` at the top of the migration",
  check({ statements, undoes }) {
    const idle = ({ touches }: { readonly touches: string }) => touches === "session";
    const first = statements[0];
    if (first === undefined || !statements.every(idle) || undoes.every(idle)) return [];
    return [{ ...placeOf(first), message: "the migration changes something, this changes nothing" }];
  },
};

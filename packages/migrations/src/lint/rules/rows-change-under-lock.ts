import { type Problem, placeOf, type Rule } from "../rule.ts";

export const rowsChangeUnderLock: Rule = {
  code: "ML208",
  name: "rows-change-under-lock",
  severity: "warning",
  roles: ["up", "rollback"],
  where: "everywhere",
  why: "A file is one transaction: rows that are changed after an ALTER TABLE of the same file are changed while nobody can read that table.",
  fix: "Change the rows in a migration of their own, in chunks where the table is large",
  check({ statements }) {
    const locked: string[] = [];
    const found: Problem[] = [];
    for (const one of statements) {
      const changes =
        /^(?:UPDATE|DELETE|MERGE)$/.test(one.name) || (one.name === "INSERT" && readsATable(one.locks));
      if (changes && locked.length > 0) {
        found.push({ ...placeOf(one), message: `nobody can read ${locked[0]} while these rows are changed` });
        break;
      }
      const exclusive = one.felt.find(
        ({ mode, relation }) => mode === "ACCESS EXCLUSIVE" && relation !== null,
      );
      if (exclusive !== undefined && one.name.startsWith("ALTER TABLE"))
        locked.push(exclusive.relation ?? "");
    }
    return found;
  },
};

function readsATable(locks: readonly { readonly mode: string }[]): boolean {
  return locks.some(({ mode }) => mode === "ACCESS SHARE");
}

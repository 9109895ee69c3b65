import { placeOf, type Rule } from "../rule.ts";

export const waitsForEver: Rule = {
  code: "ML209",
  name: "waits-for-ever",
  severity: "note",
  roles: ["up"],
  where: "supabase",
  why: "Slipway gives every migration a lock_timeout; `supabase db push` gives none, so there this waits behind a long query for ever, and everybody behind it.",
  fix: "Where `supabase db push` is used too, write set local lock_timeout = '2s' before it",
  check({ statements }) {
    for (const one of statements) {
      const { node } = one.statement;
      if ("VariableSetStmt" in node && node.VariableSetStmt.name === "lock_timeout") return [];
      const lock = one.felt.find(({ mode }) => mode === "ACCESS EXCLUSIVE");
      if (lock === undefined) continue;
      const table = lock.relation ?? "a table";
      return [{ ...placeOf(one), message: `under supabase db push this waits for ${table} without a limit` }];
    }
    return [];
  },
};

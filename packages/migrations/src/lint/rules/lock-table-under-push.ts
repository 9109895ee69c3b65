import { eachStatement, type Rule } from "../rule.ts";

export const lockTableUnderPush: Rule = {
  code: "ML401",
  name: "needs-transaction-block",
  severity: "warning",
  roles: ["up"],
  where: "supabase",
  why: "LOCK TABLE and SAVEPOINT work here; `supabase db push` sends a file without BEGIN, and Postgres refuses them there (25P01).",
  fix: "Leave it out where `supabase db push` is used too, or put it into a DO block",
  check: eachStatement(({ name }) =>
    name === "LOCK TABLE" || /^(?:SAVEPOINT|ROLLBACK TO|RELEASE)$/.test(name)
      ? `${name} fails under supabase db push, which sends the file without BEGIN`
      : null,
  ),
};

import { placeOf, type Rule } from "../rule.ts";

export const mixedTransaction: Rule = {
  code: "ML103",
  name: "outside-transaction-in-company",
  severity: "error",
  roles: ["up", "rollback"],
  where: "everywhere",
  why: "A statement that cannot run in a transaction shares its file with others: when one fails, half of the file stays, and under `supabase db push` nothing records it.",
  fix: "Move it to a migration of its own",
  check({ statements }) {
    const outside = statements.find(({ transactional }) => !transactional);
    const allOutside = statements.every(({ transactional }) => !transactional);
    if (outside === undefined || allOutside) return [];
    return [
      {
        ...placeOf(outside),
        message: `${outside.name} cannot run in a transaction, the others of the file should`,
      },
    ];
  },
};

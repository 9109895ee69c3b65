import { placeOf, type Rule } from "../rule.ts";
import { definerFunctions, revokedFunctions } from "./definer-functions.ts";

export const definerOpenToEverybody: Rule = {
  code: "ML304",
  name: "definer-open-to-everybody",
  severity: "warning",
  roles: ["up"],
  where: "everywhere",
  why: "Everybody may call a new function, and this one runs with the rights of its owner.",
  fix: "revoke execute on function <function> from public, and grant it to those who need it",
  check({ statements, everywhere }) {
    // Rights outlive CREATE OR REPLACE: what an earlier file took away stays away.
    const revoked = revokedFunctions(everywhere);
    if (revoked.has("*")) return [];
    return definerFunctions(statements)
      .filter(({ name, isTrigger }) => !isTrigger && !revoked.has(name))
      .map(({ name, statement }) => ({
        ...placeOf(statement),
        message: `everybody may call function ${name}, which runs with its owner's rights`,
        fix: `revoke execute on function ${name} from public; and grant it to those who need it`,
      }));
  },
};

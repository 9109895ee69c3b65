import { eachStatement, type Rule } from "../rule.ts";

export const breaksPreviousApp: Rule = {
  code: "ML101",
  name: "breaks-previous-app",
  severity: "error",
  roles: ["up"],
  where: "everywhere",
  why: "An expand migration runs while the older app still serves, and this drops, renames or tightens what that app uses.",
  fix: "Write `-- slipway: contract` at the top of the file, so that it runs after the older app has stopped; or split the file",
  check: eachStatement(({ breaks }, { phase }) =>
    breaks === null || phase === "contract" ? null : `the older app still serves while this ${breaks}`,
  ),
};

import { placeOf, type Rule } from "../rule.ts";
import { definerFunctions, searchPathSetLater } from "./definer-functions.ts";

export const definerWithoutSearchPath: Rule = {
  code: "ML303",
  name: "definer-without-search-path",
  severity: "warning",
  roles: ["up"],
  where: "everywhere",
  why: "A SECURITY DEFINER function without its own search_path uses the caller's, who can put a table or function of his own before yours.",
  fix: "Add set search_path = '' to the function, and write names with their schema",
  check({ statements, fromHere }) {
    const without = definerFunctions(statements).filter(({ setsSearchPath }) => !setsSearchPath);
    const later = without.length === 0 ? null : searchPathSetLater(fromHere);
    return without
      .filter(({ name }) => later?.has(name) !== true)
      .map(({ name, statement }) => ({
        ...placeOf(statement),
        message: `function ${name} runs with its owner's rights and the caller's search_path`,
      }));
  },
};

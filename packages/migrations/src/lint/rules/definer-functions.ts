import type { CreateFunctionStmt, Node } from "libpg-query";
import type { ClassifiedStatement } from "../../classify/classify-statements.ts";
import { nameKey, objectName, strings, typeParts } from "../../sql/syntax-tree.ts";

/** A function that runs with the rights of its owner, and what the file says about it. */
export interface DefinerFunction {
  readonly name: string;
  readonly statement: ClassifiedStatement;
  readonly setsSearchPath: boolean;
  /** Trigger functions cannot be called by anybody. */
  readonly isTrigger: boolean;
}

/** The functions that statements make with SECURITY DEFINER. */
export function definerFunctions(statements: readonly ClassifiedStatement[]): DefinerFunction[] {
  return statements.flatMap((statement) => {
    const { node } = statement.statement;
    if (!("CreateFunctionStmt" in node) || !isDefiner(node.CreateFunctionStmt.options)) return [];
    const { funcname, options = [], returnType } = node.CreateFunctionStmt;
    return [
      {
        name: nameKey(strings(funcname)),
        statement,
        setsSearchPath: setsSearchPath(options),
        isTrigger: /trigger$/.test(typeParts(returnType).at(-1) ?? ""),
      },
    ];
  });
}

/** Whether ALTER FUNCTION gives a function a search path. */
export function searchPathSetLater(statements: readonly ClassifiedStatement[]): Set<string> {
  return new Set(
    statements.flatMap(({ statement: { node } }) =>
      "AlterFunctionStmt" in node && setsSearchPath(node.AlterFunctionStmt.actions ?? [])
        ? [nameKey(strings(node.AlterFunctionStmt.func?.objname))]
        : [],
    ),
  );
}

/** Every file asks the same of all files together: with a thousand of them that is most of a lint. */
const revoked = new WeakMap<readonly ClassifiedStatement[], ReadonlySet<string>>();

/** Functions on which a right is taken from everybody; `*` for all of a schema. */
export function revokedFunctions(statements: readonly ClassifiedStatement[]): ReadonlySet<string> {
  const known = revoked.get(statements) ?? findRevoked(statements);
  revoked.set(statements, known);
  return known;
}

function findRevoked(statements: readonly ClassifiedStatement[]): Set<string> {
  return new Set(
    statements.flatMap(({ statement: { node } }) => {
      if ("AlterDefaultPrivilegesStmt" in node) {
        const action = node.AlterDefaultPrivilegesStmt.action;
        return action?.is_grant !== true && action?.objtype === "OBJECT_FUNCTION" ? ["*"] : [];
      }
      if (!("GrantStmt" in node) || node.GrantStmt.is_grant === true) return [];
      const { objtype = "", targtype, objects = [] } = node.GrantStmt;
      if (!/^OBJECT_(?:FUNCTION|PROCEDURE|ROUTINE)$/.test(objtype)) return [];
      return targtype === "ACL_TARGET_ALL_IN_SCHEMA"
        ? ["*"]
        : objects.map((object) => nameKey(objectName(object)));
    }),
  );
}

function isDefiner(options: CreateFunctionStmt["options"] = []): boolean {
  return options.some(
    (option) =>
      "DefElem" in option &&
      option.DefElem.defname === "security" &&
      option.DefElem.arg !== undefined &&
      "Boolean" in option.DefElem.arg &&
      option.DefElem.arg.Boolean.boolval === true,
  );
}

function setsSearchPath(options: readonly Node[]): boolean {
  return options.some(
    (option) =>
      "DefElem" in option &&
      option.DefElem.defname === "set" &&
      option.DefElem.arg !== undefined &&
      "VariableSetStmt" in option.DefElem.arg &&
      option.DefElem.arg.VariableSetStmt.name === "search_path",
  );
}

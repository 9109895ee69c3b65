import type { AlterTableStmt, DropStmt, Node, RenameStmt } from "libpg-query";
import { objectName, relationName, typeParts } from "../sql/syntax-tree.ts";
import { columnKey, fillingConstraints, keyOf, madeByCommand } from "./made-by.ts";

type Made = ReadonlySet<string>;

/**
 * What the older app cannot live with in a statement, in words that follow "this"; null when there is nothing: it
 * drops, renames or changes the type of something that was there before the migration, or makes a column demand
 * values that the older app does not send.
 *
 * @param made what the file itself made before: that may be dropped again.
 * @param madeLater what it makes after this statement: a function may be dropped to be made anew.
 */
export function breaksApp(node: Node, made: Made, madeLater: () => Made): string | null {
  if ("DropStmt" in node) return dropBreach(node.DropStmt, made, madeLater);
  if ("RenameStmt" in node) return renameBreach(node.RenameStmt, made);
  if ("AlterTableStmt" in node) return alterBreach(node.AlterTableStmt, made);
  if ("AlterObjectSchemaStmt" in node) {
    const { objectType, relation, object } = node.AlterObjectSchemaStmt;
    const name = relation ? relationName(relation) : objectName(object);
    return made.has(keyOf(objectType, name)) ? null : `moves ${show(objectType, name)} to another schema`;
  }
  if ("AlterEnumStmt" in node && node.AlterEnumStmt.oldVal !== undefined) {
    const name = objectName({ List: { items: node.AlterEnumStmt.typeName ?? [] } });
    return made.has(keyOf("OBJECT_TYPE", name)) ? null : `renames a value of ${show("OBJECT_TYPE", name)}`;
  }
  if ("DropOwnedStmt" in node) return "drops what a role owns";
  return null;
}

// Code and rows in use. Indexes, triggers, policies, constraints and rules may go: the older app works without.
const inUse = new Set(
  "TABLE VIEW MATVIEW FOREIGN_TABLE SEQUENCE SCHEMA TYPE DOMAIN FUNCTION PROCEDURE ROUTINE AGGREGATE EXTENSION"
    .split(" ")
    .map((type) => `OBJECT_${type}`),
);
// These hold no rows: dropping one in order to make it anew is how it is changed.
const replaceable = ["VIEW", "MATVIEW", "FUNCTION", "PROCEDURE", "ROUTINE", "AGGREGATE"].map(
  (type) => `OBJECT_${type}`,
);

function dropBreach(
  { removeType, objects = [] }: DropStmt,
  made: Made,
  madeLater: () => Made,
): string | null {
  if (removeType === undefined || !inUse.has(removeType)) return null;
  for (const object of objects) {
    const name = objectName(object);
    const key = keyOf(removeType, name);
    if (made.has(key) || (replaceable.includes(removeType) && madeLater().has(key))) continue;
    return `drops ${show(removeType, name)}`;
  }
  return null;
}

function renameBreach({ renameType, relation, object, subname }: RenameStmt, made: Made): string | null {
  const renamesPart = renameType === "OBJECT_COLUMN" || renameType === "OBJECT_ATTRIBUTE";
  if (!renamesPart && !inUse.has(renameType ?? "")) return null;
  const schemaOnly = renameType === "OBJECT_SCHEMA" && subname !== undefined ? [subname] : objectName(object);
  const name = relation ? relationName(relation) : schemaOnly;
  if (made.has(keyOf(renamesPart ? "OBJECT_TABLE" : renameType, name))) return null;
  if (renamesPart && made.has(columnKey("COLUMN", name, subname ?? ""))) return null;
  return renamesPart ? `renames column ${subname} of ${name.join(".")}` : `renames ${show(renameType, name)}`;
}

function alterBreach({ relation, cmds = [], objtype }: AlterTableStmt, madeBefore: Made): string | null {
  const table = relationName(relation);
  if (madeBefore.has(keyOf(objtype, table))) return null;
  const made = new Set(madeBefore);
  for (const cmd of cmds) {
    if (!("AlterTableCmd" in cmd)) continue;
    const { subtype, name = "", def } = cmd.AlterTableCmd;
    const isNew = made.has(columnKey("COLUMN", table, name));
    const column = `column ${name} of ${table.join(".")}`;
    if (subtype === "AT_DropColumn" && !isNew) return `drops ${column}`;
    if (subtype === "AT_AlterColumnType" && !isNew) return `changes the type of ${column}`;
    if (subtype === "AT_SetNotNull" && !(isNew && made.has(columnKey("DEFAULT", table, name)))) {
      return `makes ${column} demand a value`;
    }
    if (subtype === "AT_AddColumn" && def !== undefined && "ColumnDef" in def) {
      const { colname, constraints = [], typeName } = def.ColumnDef;
      if (demandsValue(constraints, typeParts(typeName).at(-1) ?? "")) {
        return `adds column ${colname} to ${table.join(".")}, which demands a value and has no default`;
      }
    }
    for (const key of madeByCommand(table, cmd.AlterTableCmd)) made.add(key);
  }
  return null;
}

function demandsValue(constraints: readonly Node[], type: string): boolean {
  const kinds = constraints.map((node) => ("Constraint" in node ? node.Constraint.contype : undefined));
  const demands = kinds.includes("CONSTR_NOTNULL") || kinds.includes("CONSTR_PRIMARY");
  return (
    demands &&
    !kinds.some((kind) => fillingConstraints.includes(kind ?? "")) &&
    !/^(small|big)?serial[248]?$/.test(type)
  );
}

function show(type: string | undefined, name: readonly string[]): string {
  return `${(type ?? "").replace("OBJECT_", "").replaceAll("_", " ").toLowerCase()} ${name.join(".")}`;
}

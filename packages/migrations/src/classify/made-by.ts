import type { AlterTableCmd, Node } from "libpg-query";
import { nameKey, objectName, relationName } from "../sql/syntax-tree.ts";

/** The objects that a statement makes, as keys of {@link keyOf} and {@link columnKey}. */
export function madeBy(node: Node): string[] {
  if ("CreateStmt" in node) return [keyOf("OBJECT_TABLE", relationName(node.CreateStmt.relation))];
  if ("AlterTableStmt" in node) {
    const table = relationName(node.AlterTableStmt.relation);
    return (node.AlterTableStmt.cmds ?? []).flatMap((cmd) =>
      "AlterTableCmd" in cmd ? madeByCommand(table, cmd.AlterTableCmd) : [],
    );
  }
  if ("ViewStmt" in node) return [keyOf("OBJECT_VIEW", relationName(node.ViewStmt.view))];
  if ("CreateTableAsStmt" in node) {
    const { into, objtype } = node.CreateTableAsStmt;
    return [keyOf(objtype, relationName(into?.rel))];
  }
  if ("CreateSeqStmt" in node) return [keyOf("OBJECT_SEQUENCE", relationName(node.CreateSeqStmt.sequence))];
  if ("CreateSchemaStmt" in node) return [keyOf("OBJECT_SCHEMA", [node.CreateSchemaStmt.schemaname ?? ""])];
  if ("CreateExtensionStmt" in node) {
    return [keyOf("OBJECT_EXTENSION", [node.CreateExtensionStmt.extname ?? ""])];
  }
  if ("CreateFunctionStmt" in node) {
    const name = objectName({ List: { items: node.CreateFunctionStmt.funcname ?? [] } });
    return ["OBJECT_FUNCTION", "OBJECT_PROCEDURE", "OBJECT_ROUTINE"].map((type) => keyOf(type, name));
  }
  if ("CompositeTypeStmt" in node) {
    return [keyOf("OBJECT_TYPE", relationName(node.CompositeTypeStmt.typevar))];
  }
  if ("CreateEnumStmt" in node) return [typeKey(node.CreateEnumStmt.typeName)];
  if ("CreateRangeStmt" in node) return [typeKey(node.CreateRangeStmt.typeName)];
  if ("CreateDomainStmt" in node) {
    const name = objectName({ List: { items: node.CreateDomainStmt.domainname ?? [] } });
    return [keyOf("OBJECT_DOMAIN", name), keyOf("OBJECT_TYPE", name)];
  }
  if ("DefineStmt" in node && node.DefineStmt.kind === "OBJECT_AGGREGATE") {
    return [keyOf("OBJECT_AGGREGATE", objectName({ List: { items: node.DefineStmt.defnames ?? [] } }))];
  }
  return [];
}

function typeKey(names: readonly Node[] | undefined): string {
  return keyOf("OBJECT_TYPE", objectName({ List: { items: [...(names ?? [])] } }));
}

/** The column, and its default, that one command of ALTER TABLE makes. */
export function madeByCommand(table: readonly string[], { subtype, name, def }: AlterTableCmd): string[] {
  if (subtype === "AT_ColumnDefault" && def !== undefined) return [columnKey("DEFAULT", table, name ?? "")];
  if (subtype !== "AT_AddColumn" || def === undefined || !("ColumnDef" in def)) return [];
  const { colname = "", constraints = [] } = def.ColumnDef;
  const fills = constraints.some(
    (node) => "Constraint" in node && fillingConstraints.includes(node.Constraint.contype ?? ""),
  );
  const column = columnKey("COLUMN", table, colname);
  return fills ? [column, columnKey("DEFAULT", table, colname)] : [column];
}

/** The constraints of a column that give it a value when an INSERT does not. */
export const fillingConstraints: readonly string[] = [
  "CONSTR_DEFAULT",
  "CONSTR_IDENTITY",
  "CONSTR_GENERATED",
];

/** Names an object: its type as the parser calls it, and its name. */
export function keyOf(type: string | undefined, name: readonly string[]): string {
  return `${type} ${nameKey(name)}`;
}

/** Names a column, or a column's default. */
export function columnKey(part: "COLUMN" | "DEFAULT", table: readonly string[], column: string): string {
  return `${part} ${JSON.stringify([nameKey(table), column])}`;
}

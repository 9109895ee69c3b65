import type { Node, RangeVar, TypeName } from "libpg-query";

/** Calls `visit` with the tag and the body of every node below (and including) a node, outermost first. */
export function walkTree(value: unknown, visit: (tag: string, body: Record<string, unknown>) => void): void {
  if (Array.isArray(value)) {
    for (const item of value) walkTree(item, visit);
  } else if (typeof value === "object" && value !== null) {
    for (const [key, member] of Object.entries(value)) {
      if (isTag(key) && typeof member === "object" && member !== null) visit(key, member);
      walkTree(member, visit);
    }
  }
}

// Tags of nodes start with a capital (`DropStmt`, `A_Const`); members are lower case.
function isTag(key: string): boolean {
  return key[0]! >= "A" && key[0]! <= "Z";
}

/** Calls `visit` with every table-like reference below a node, however deep, tagged or not. */
export function walkRelations(value: unknown, visit: (relation: RangeVar) => void): void {
  if (Array.isArray(value)) {
    for (const item of value) walkRelations(item, visit);
  } else if (typeof value === "object" && value !== null) {
    if ("relname" in value && typeof value.relname === "string") visit(value as RangeVar);
    for (const member of Object.values(value)) walkRelations(member, visit);
  }
}

/**
 * An object's name for comparison inside one file: `public.t` and `t` are the same, which is so unless the
 * file changes the search path.
 */
export function nameKey(parts: readonly string[]): string {
  return (parts.length > 1 && parts[0] === "public" ? parts.slice(1) : parts).join(".");
}

/** The parts of a relation's name: `["app", "orders"]`, or `["orders"]`. */
export function relationName(relation: RangeVar | undefined): string[] {
  const parts = [relation?.schemaname, relation?.relname];
  return parts.filter((part) => part !== undefined && part !== "") as string[];
}

/** The parts of the name of an object in DROP, COMMENT or ALTER: a list, a string, a type or a function. */
export function objectName(node: Node | undefined): string[] {
  if (node === undefined) return [];
  if ("List" in node) return strings(node.List.items);
  if ("String" in node) return [node.String.sval ?? ""];
  if ("TypeName" in node) return typeParts(node.TypeName);
  if ("ObjectWithArgs" in node) return strings(node.ObjectWithArgs.objname);
  return [];
}

/** The parts of a type's name: `["pg_catalog", "int8"]`, or `["mood"]`. */
export function typeParts(type: TypeName | undefined): string[] {
  return strings(type?.names);
}

/** The texts of a list of string nodes. */
export function strings(nodes: readonly Node[] | undefined): string[] {
  return (nodes ?? []).map((node) => ("String" in node ? (node.String.sval ?? "") : ""));
}

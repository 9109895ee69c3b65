import type { AlterTableStmt, DropStmt, Node, RangeVar, RenameStmt } from "libpg-query";
import type { SqlStatement } from "../sql/parse-sql.ts";
import { objectName, relationName, strings, typeParts, walkTree } from "../sql/syntax-tree.ts";

/** The parts of a name, schema first where it is given. */
export type NameParts = readonly string[];

/** A column's new type, as far as it tells whether values survive the change. */
export interface NewType {
  /** The bare name, as the parser normalises it: `int4`, `varchar`. */
  readonly name: string;
  /** Whether it is limited: `varchar(20)`, `numeric(8,2)`. */
  readonly limited: boolean;
  readonly array: boolean;
  /** Whether a USING clause computes the new values. */
  readonly computed: boolean;
}

/** Something that a rollback may take away for ever. */
export type RollbackLoss =
  | { readonly loses: "table"; readonly table: NameParts; readonly missingOk: boolean }
  | { readonly loses: "column"; readonly table: NameParts; readonly column: string }
  | { readonly loses: "values"; readonly table: NameParts; readonly column: string; readonly type: NewType }
  | { readonly loses: "rows"; readonly table: NameParts; readonly verb: string }
  | { readonly loses: "sequence"; readonly sequence: NameParts }
  | { readonly loses: "schema"; readonly schema: string }
  | { readonly loses: "extension"; readonly extension: string; readonly cascade: boolean }
  | { readonly loses: "unknown"; readonly why: string };

/** What a rollback does to names: needed to know which present table a later statement means. */
export type NameChange =
  | { readonly does: "create-table"; readonly table: NameParts }
  | { readonly does: "rename-table"; readonly table: NameParts; readonly to: NameParts }
  | { readonly does: "add-column"; readonly table: NameParts; readonly column: string }
  | {
      readonly does: "rename-column";
      readonly table: NameParts;
      readonly column: string;
      readonly to: string;
    };

/** One effect of a rollback, with the statement it comes from. */
export type RollbackEffect = (RollbackLoss | NameChange) & { readonly statement: SqlStatement };

/**
 * What rollback SQL does to data and to names, in order. Statements that the parser cannot look into (DO blocks,
 * calls of functions) count as an unknown loss: only an author's directive makes them harmless.
 */
export function rollbackEffects(statements: readonly SqlStatement[]): RollbackEffect[] {
  return statements.flatMap((statement) =>
    effectsOf(statement.node).map((effect) => ({ ...effect, statement })),
  );
}

function effectsOf(node: Node): (RollbackLoss | NameChange)[] {
  if ("DropStmt" in node) return dropEffects(node.DropStmt);
  if ("AlterTableStmt" in node) return alterTableEffects(node.AlterTableStmt);
  if ("RenameStmt" in node) return renameEffects(node.RenameStmt);
  if ("AlterObjectSchemaStmt" in node) {
    const { objectType, relation, newschema } = node.AlterObjectSchemaStmt;
    if (objectType !== "OBJECT_TABLE" || relation === undefined) return [];
    const to = [newschema ?? "", relation.relname ?? ""];
    return [{ does: "rename-table", table: relationName(relation), to }];
  }
  if ("CreateStmt" in node) return [{ does: "create-table", table: relationName(node.CreateStmt.relation) }];
  if ("TruncateStmt" in node) {
    const { relations = [], behavior } = node.TruncateStmt;
    const rows = relations.map((relation) =>
      rowsOf("RangeVar" in relation ? relation.RangeVar : undefined, "TRUNCATE"),
    );
    const others: RollbackLoss = {
      loses: "unknown",
      why: "TRUNCATE … CASCADE also empties the tables that refer to it",
    };
    return behavior === "DROP_CASCADE" ? [...rows, others] : rows;
  }
  if ("DropOwnedStmt" in node) return [{ loses: "unknown", why: "DROP OWNED drops whatever the role owns" }];
  if ("DoStmt" in node) return [{ loses: "unknown", why: "a DO block can do anything" }];
  if ("CallStmt" in node) return [{ loses: "unknown", why: "a procedure can do anything" }];
  if ("ExecuteStmt" in node) return [{ loses: "unknown", why: "a prepared statement can do anything" }];
  return readsOrWritesRows(node) ? rowEffects(node) : [];
}

// CASCADE on these takes columns or tables along; on the others only code (views, triggers, defaults).
const cascadesToData = ["OBJECT_TYPE", "OBJECT_DOMAIN", "OBJECT_COLLATION", "OBJECT_ACCESS_METHOD"];

function dropEffects({ removeType, objects = [], behavior, missing_ok }: DropStmt): RollbackLoss[] {
  const cascade = behavior === "DROP_CASCADE";
  return objects.flatMap((object): RollbackLoss[] => {
    const name = objectName(object);
    if (removeType === "OBJECT_TABLE") {
      return [{ loses: "table", table: name, missingOk: missing_ok === true }];
    }
    if (removeType === "OBJECT_SEQUENCE") return [{ loses: "sequence", sequence: name }];
    if (removeType === "OBJECT_EXTENSION") return [{ loses: "extension", extension: name[0] ?? "", cascade }];
    if (!cascade) return [];
    if (removeType === "OBJECT_SCHEMA") return [{ loses: "schema", schema: name[0] ?? "" }];
    return cascadesToData.includes(removeType ?? "")
      ? [{ loses: "unknown", why: `CASCADE drops every column that uses ${name.join(".")}` }]
      : [];
  });
}

function alterTableEffects({ relation, cmds = [], objtype }: AlterTableStmt): (RollbackLoss | NameChange)[] {
  const table = relationName(relation);
  if (objtype === "OBJECT_TYPE") {
    const drops = cmds.some((cmd) => "AlterTableCmd" in cmd && cmd.AlterTableCmd.subtype === "AT_DropColumn");
    const why = `dropping an attribute of ${table.join(".")} empties it in every column of that type`;
    return drops ? [{ loses: "unknown", why }] : [];
  }
  if (objtype !== "OBJECT_TABLE") return [];
  return cmds.flatMap((cmd): (RollbackLoss | NameChange)[] => {
    if (!("AlterTableCmd" in cmd)) return [];
    const { subtype, name: column = "", def } = cmd.AlterTableCmd;
    const definition = def !== undefined && "ColumnDef" in def ? def.ColumnDef : undefined;
    if (subtype === "AT_DropColumn") return [{ loses: "column", table, column }];
    if (subtype === "AT_AddColumn") return [{ does: "add-column", table, column: definition?.colname ?? "" }];
    if (subtype !== "AT_AlterColumnType") return [];
    const type: NewType = {
      name: typeParts(definition?.typeName).at(-1) ?? "",
      limited: (definition?.typeName?.typmods ?? []).length > 0,
      array: (definition?.typeName?.arrayBounds ?? []).length > 0,
      computed: definition?.raw_default !== undefined,
    };
    return [{ loses: "values", table, column, type }];
  });
}

function renameEffects({
  renameType,
  relationType,
  relation,
  subname,
  newname,
  object,
}: RenameStmt): (RollbackLoss | NameChange)[] {
  const table = relationName(relation);
  const to = newname ?? "";
  if (renameType === "OBJECT_TABLE") {
    return [{ does: "rename-table", table, to: [...table.slice(0, -1), to] }];
  }
  if (renameType === "OBJECT_COLUMN" && relationType === "OBJECT_TABLE") {
    return [{ does: "rename-column", table, column: subname ?? "", to }];
  }
  // Too rare to follow every table into it: what comes after could not be counted.
  if (renameType === "OBJECT_SCHEMA") {
    return [{ loses: "unknown", why: `schema ${objectName(object)[0] ?? subname ?? ""} changes its name` }];
  }
  return [];
}

function readsOrWritesRows(node: Node): boolean {
  const tags = ["SelectStmt", "InsertStmt", "UpdateStmt", "DeleteStmt", "MergeStmt", "CreateTableAsStmt"];
  return tags.some((tag) => tag in node);
}

// Functions that a rollback may call and that change nothing worth keeping.
const harmless = new Set(
  "set_config setval nextval pg_notify count min max sum avg now clock_timestamp lower upper trim btrim length \
current_setting gen_random_uuid to_regclass format concat concat_ws replace substr substring split_part date_trunc \
to_char round abs generate_series unnest string_agg array_agg jsonb_build_object jsonb_set to_jsonb".split(
    /\s+/,
  ),
);

function rowEffects(node: Node): (RollbackLoss | NameChange)[] {
  const found: (RollbackLoss | NameChange)[] = [];
  walkTree(node, (tag, body) => {
    const relation = "relation" in body ? (body.relation as RangeVar) : undefined;
    if (tag === "DeleteStmt") found.push(rowsOf(relation, "DELETE"));
    if (tag === "UpdateStmt") found.push(rowsOf(relation, "UPDATE"));
    if (tag === "MergeStmt") found.push(rowsOf(relation, "MERGE"));
    if (tag === "InsertStmt" && updatesOnConflict(body)) {
      found.push(rowsOf(relation, "INSERT … ON CONFLICT DO UPDATE"));
    }
    if (tag === "FuncCall") {
      const name = strings(body.funcname as Node[]);
      const builtIn = name.length === 1 || name[0] === "pg_catalog";
      if (!builtIn || !harmless.has(name.at(-1) ?? "")) {
        found.push({ loses: "unknown", why: `function ${name.join(".")} can do anything` });
      }
    }
  });
  const into = newTable(node);
  return into ? [...found, { does: "create-table", table: relationName(into) }] : found;
}

function rowsOf(relation: RangeVar | undefined, verb: string): RollbackLoss {
  return { loses: "rows", table: relationName(relation), verb };
}

function updatesOnConflict(insert: Record<string, unknown>): boolean {
  const clause = insert.onConflictClause as { action?: string } | undefined;
  return clause?.action === "ONCONFLICT_UPDATE";
}

function newTable(node: Node): RangeVar | undefined {
  if ("CreateTableAsStmt" in node) return node.CreateTableAsStmt.into?.rel;
  return "SelectStmt" in node ? node.SelectStmt.intoClause?.rel : undefined;
}

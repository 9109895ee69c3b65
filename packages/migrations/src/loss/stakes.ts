import type { Database } from "@slipway/ledger";
import { type Node, parseSql } from "../sql/parse-sql.ts";
import { quoteName } from "../sql/quote-name.ts";
import type { NameParts, NewType, RollbackLoss } from "./rollback-effects.ts";

/** Rows that a rollback would take something from. */
export interface Stake {
  readonly what: "table" | "column" | "values" | "rows";
  /** Schema and table, as SQL. */
  readonly table: string;
  /** For people: `orders`, `app.orders.note`. */
  readonly name: string;
  /** Null for whole rows. */
  readonly column: string | null;
  /** Condition over the table's rows: those at stake. */
  readonly where: string;
  /** Whether all rows that meet the condition are lost, or an unknown part of them. */
  readonly all: boolean;
}

/** A loss that cannot be pinned to rows. */
export interface OpaqueStake {
  readonly what: "sequence" | "unknown";
  readonly name: string;
}

/**
 * Looks a loss up in the database as it is now: the tables and the condition that tells rows at stake from those
 * that lose nothing. Empty: nothing can be lost, because it is not there or is computed anyway.
 *
 * @param loss with names of today.
 */
export async function stakesOf(db: Database, loss: RollbackLoss): Promise<(Stake | OpaqueStake)[]> {
  switch (loss.loses) {
    case "table":
      return wholeTable(db, loss.table, "table", loss.missingOk);
    case "rows":
      return wholeTable(db, loss.table, "rows", false, loss.verb === "TRUNCATE");
    case "column":
      return columnStakes(db, loss.table, loss.column, null);
    case "values":
      return columnStakes(db, loss.table, loss.column, loss.type);
    case "schema":
      return schemaStakes(db, loss.schema);
    case "extension":
      return extensionStakes(db, loss.extension, loss.cascade);
    case "sequence":
      return sequenceStakes(db, loss.sequence);
    case "unknown":
      return [{ what: "unknown", name: loss.why }];
  }
}

async function wholeTable(
  db: Database,
  parts: NameParts,
  what: "table" | "rows",
  missingOk: boolean,
  all = true,
): Promise<(Stake | OpaqueStake)[]> {
  const [row] = await db.query<{ schema: string; name: string }>(
    `select n.nspname as schema, c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where c.oid = to_regclass($1) and c.relkind in ('r', 'p')`,
    [quoteName(parts)],
  );
  if (row) return [tableStake(row.schema, row.name, what, what === "table" || all)];
  return missingOk ? [] : [{ what: "unknown", name: `table ${parts.join(".")} is not there` }];
}

function tableStake(schema: string, name: string, what: "table" | "rows", all: boolean): Stake {
  return {
    what,
    table: quoteName([schema, name]),
    name: shown(schema, name),
    column: null,
    where: "true",
    all,
  };
}

async function columnStakes(
  db: Database,
  parts: NameParts,
  column: string,
  newType: NewType | null,
): Promise<(Stake | OpaqueStake)[]> {
  const [row] = await db.query<{
    schema: string;
    name: string;
    type: string;
    computed: boolean;
    default: string | null;
  }>(
    `select n.nspname as schema, c.relname as name, format_type(a.atttypid, a.atttypmod) as type,
       a.attgenerated <> '' as computed, pg_get_expr(d.adbin, d.adrelid) as default
     from pg_class c join pg_namespace n on n.oid = c.relnamespace
     join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attname = $2
     left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
     where c.oid = to_regclass($1)`,
    [quoteName(parts), column],
  );
  if (row === undefined)
    return [{ what: "unknown", name: `column ${[...parts, column].join(".")} is not there` }];
  if (row.computed || (newType !== null && keepsValues(row.type, newType))) return [];
  const value = quoteName([column]);
  const constant = newType === null && row.default !== null && (await isConstant(row.default));
  // As text, since json and some other types have no equality.
  const ownDefault = constant
    ? ` and ${value}::text is distinct from (${row.default})::${row.type}::text`
    : "";
  return [
    {
      what: newType === null ? "column" : "values",
      table: quoteName([row.schema, row.name]),
      name: `${shown(row.schema, row.name)}.${column}`,
      column,
      where: `${value} is not null${ownDefault}`,
      all: true,
    },
  ];
}

const integers = ["smallint", "integer", "bigint", "int2", "int4", "int8"];
const texts = /^(?:text|character varying|varchar)/;

// Changes that either keep every value or are refused by Postgres; all others may round or cut.
function keepsValues(from: string, to: NewType): boolean {
  if (to.computed || to.array) return false;
  if (integers.includes(from)) return integers.includes(to.name) || ["numeric", "text"].includes(to.name);
  if (texts.test(from) && !from.endsWith("[]")) return to.name === "text" || to.name === "varchar";
  return false;
}

// Anything else might have a different value each time it is asked, or draw from a sequence.
async function isConstant(expression: string): Promise<boolean> {
  const [statement] = await parseSql({ file: "default", text: `select ${expression}` });
  const select = statement?.node;
  if (select === undefined || !("SelectStmt" in select)) return false;
  const [target] = select.SelectStmt.targetList ?? [];
  return target !== undefined && "ResTarget" in target && isLiteral(target.ResTarget.val);
}

function isLiteral(node: Node | undefined): boolean {
  if (node === undefined) return false;
  if ("A_Const" in node) return true;
  if ("TypeCast" in node) return isLiteral(node.TypeCast.arg);
  if ("A_ArrayExpr" in node) return (node.A_ArrayExpr.elements ?? []).every(isLiteral);
  return "A_Expr" in node && node.A_Expr.lexpr === undefined && isLiteral(node.A_Expr.rexpr);
}

async function schemaStakes(db: Database, schema: string): Promise<Stake[]> {
  const rows = await db.query<{ schema: string; name: string }>(
    `select n.nspname as schema, c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where n.nspname = $1 and c.relkind in ('r', 'p') and not c.relispartition order by c.relname collate "C"`,
    [schema],
  );
  return rows.map(({ name }) => tableStake(schema, name, "table", true));
}

async function extensionStakes(
  db: Database,
  extension: string,
  cascade: boolean,
): Promise<(Stake | OpaqueStake)[]> {
  const members = `select d.classid, d.objid from pg_depend d join pg_extension e on e.oid = d.refobjid
    where d.deptype = 'e' and d.refclassid = 'pg_extension'::regclass and e.extname = $1`;
  const tables = await db.query<{ schema: string; name: string }>(
    `select n.nspname as schema, c.relname as name from (${members}) m
     join pg_class c on m.classid = 'pg_class'::regclass and c.oid = m.objid join pg_namespace n on n.oid = c.relnamespace
     where c.relkind in ('r', 'p')`,
    [extension],
  );
  const stakes = tables.map(({ schema, name }) => tableStake(schema, name, "table", true));
  if (!cascade) return stakes;
  const columns = await db.query<{ name: string }>(
    `select c.relname || '.' || a.attname as name from (${members}) m
     join pg_type t on m.classid = 'pg_type'::regclass and m.objid in (t.oid, t.typelem)
     join pg_attribute a on a.atttypid in (t.oid, t.typarray) and a.attnum > 0 and not a.attisdropped
     join pg_class c on c.oid = a.attrelid and c.relkind in ('r', 'p')`,
    [extension],
  );
  const dropped = [...new Set(columns.map(({ name }) => name))];
  if (dropped.length === 0) return stakes;
  return [...stakes, { what: "unknown", name: `CASCADE drops the columns ${dropped.join(", ")}` }];
}

async function sequenceStakes(db: Database, parts: NameParts): Promise<OpaqueStake[]> {
  const [found] = await db.query<{ name: string }>(
    "select oid::regclass::text as name from pg_class where oid = to_regclass($1) and relkind = 'S'",
    [quoteName(parts)],
  );
  if (found === undefined) return [];
  const [value] = await db.query<{ used: boolean }>(`select is_called as used from ${found.name}`);
  return value?.used ? [{ what: "sequence", name: parts.join(".") }] : [];
}

function shown(schema: string, name: string): string {
  return schema === "public" ? name : `${schema}.${name}`;
}

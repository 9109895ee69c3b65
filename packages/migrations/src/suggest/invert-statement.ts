/** One case for each kind of statement that can be taken back; a table would hide that they differ. */

import type { Database } from "@slipway/ledger";
import type { AlterTableCmd, Node } from "libpg-query";
import type { SqlStatement } from "../sql/parse-sql.ts";
import { quoteName } from "../sql/quote-name.ts";
import { objectName, relationName, strings } from "../sql/syntax-tree.ts";

/**
 * SQL that takes one statement back, in the order in which it has to run; `null` where nobody knows, as for rows that
 * were changed.
 *
 * @param db the database just before the statement, to see what it drops or replaces; without it only what makes
 *   something new can be taken back.
 */
export async function invertStatement(
  { node, text }: SqlStatement,
  db: Database | null,
): Promise<string[] | null> {
  const made = invertMaking(node);
  if (made !== null) {
    const old = db === null ? null : await replaced(node, db);
    return [old ?? made];
  }
  if ("RenameStmt" in node) return invertRename(node.RenameStmt);
  if ("AlterTableStmt" in node) {
    const table = relationName(node.AlterTableStmt.relation);
    const inverses: string[] = [];
    for (const cmd of [...(node.AlterTableStmt.cmds ?? [])].reverse()) {
      const inverse = "AlterTableCmd" in cmd ? await invertAlter(cmd.AlterTableCmd, table, db) : null;
      if (inverse === null) return null;
      inverses.push(`alter table ${quoteName(table)} ${inverse}`);
    }
    return inverses;
  }
  if ("DropStmt" in node && db !== null) return invertDrop(node.DropStmt, db);
  if ("GrantStmt" in node) return invertGrant(text);
  if ("CommentStmt" in node)
    return [text.replace(/\bis\s+(?:E?'(?:[^']|'')*'|\$\$[\s\S]*\$\$)\s*$/i, "is null")];
  return null;
}

function invertMaking(node: Node): string | null {
  if ("CreateStmt" in node) return `drop table ${quoteName(relationName(node.CreateStmt.relation))}`;
  if ("ViewStmt" in node) return `drop view ${quoteName(relationName(node.ViewStmt.view))}`;
  if ("CreateTableAsStmt" in node) {
    const { into, objtype } = node.CreateTableAsStmt;
    return `drop ${objtype === "OBJECT_MATVIEW" ? "materialized view" : "table"} ${quoteName(relationName(into?.rel))}`;
  }
  if ("IndexStmt" in node) {
    const { idxname, relation, concurrent } = node.IndexStmt;
    if (!idxname) return null;
    const schema = relation?.schemaname ? [relation.schemaname] : [];
    return `drop index ${concurrent ? "concurrently " : ""}${quoteName([...schema, idxname])}`;
  }
  if ("CreateSeqStmt" in node) return `drop sequence ${quoteName(relationName(node.CreateSeqStmt.sequence))}`;
  if ("CreateSchemaStmt" in node) return `drop schema ${quoteName([node.CreateSchemaStmt.schemaname ?? ""])}`;
  if ("CreateExtensionStmt" in node)
    return `drop extension ${quoteName([node.CreateExtensionStmt.extname ?? ""])}`;
  if ("CreateRoleStmt" in node) return `drop role ${quoteName([node.CreateRoleStmt.role ?? ""])}`;
  if ("CreateEnumStmt" in node) return `drop type ${quoteName(strings(node.CreateEnumStmt.typeName))}`;
  if ("CreateRangeStmt" in node) return `drop type ${quoteName(strings(node.CreateRangeStmt.typeName))}`;
  if ("CompositeTypeStmt" in node)
    return `drop type ${quoteName(relationName(node.CompositeTypeStmt.typevar))}`;
  if ("CreateDomainStmt" in node)
    return `drop domain ${quoteName(strings(node.CreateDomainStmt.domainname))}`;
  if ("CreateFunctionStmt" in node) {
    const { funcname, is_procedure } = node.CreateFunctionStmt;
    return `drop ${is_procedure ? "procedure" : "function"} ${quoteName(strings(funcname))}`;
  }
  if ("CreateTrigStmt" in node) {
    const { trigname = "", relation } = node.CreateTrigStmt;
    return `drop trigger ${quoteName([trigname])} on ${quoteName(relationName(relation))}`;
  }
  if ("CreatePolicyStmt" in node) {
    const { policy_name = "", table } = node.CreatePolicyStmt;
    return `drop policy ${quoteName([policy_name])} on ${quoteName(relationName(table))}`;
  }
  return null;
}

/** The definition that CREATE OR REPLACE is about to replace; `null` where there is none. */
async function replaced(node: Node, db: Database): Promise<string | null> {
  if ("ViewStmt" in node) return definitionOf(db, "view", relationName(node.ViewStmt.view));
  if ("CreateFunctionStmt" in node) {
    return definitionOf(db, "function", strings(node.CreateFunctionStmt.funcname));
  }
  return null;
}

type Rename = Extract<Node, { RenameStmt: unknown }>["RenameStmt"];

function invertRename({ renameType, relation, subname = "", newname = "" }: Rename): string[] | null {
  const from = relationName(relation);
  const to = quoteName([...from.slice(0, -1), newname]);
  const kinds: Readonly<Record<string, string>> = {
    OBJECT_TABLE: "table",
    OBJECT_VIEW: "view",
    OBJECT_INDEX: "index",
    OBJECT_SEQUENCE: "sequence",
    OBJECT_MATVIEW: "materialized view",
  };
  const kind = kinds[renameType ?? ""];
  if (kind !== undefined) return [`alter ${kind} ${to} rename to ${quoteName(from.slice(-1))}`];
  const part =
    renameType === "OBJECT_COLUMN" ? "column" : renameType === "OBJECT_TABCONSTRAINT" ? "constraint" : null;
  if (part === null) return null;
  return [`alter table ${quoteName(from)} rename ${part} ${quoteName([newname])} to ${quoteName([subname])}`];
}

async function invertAlter(
  { subtype, name = "", def }: AlterTableCmd,
  table: readonly string[],
  db: Database | null,
): Promise<string | null> {
  const column = quoteName([name]);
  switch (subtype) {
    case "AT_AddColumn":
      return def && "ColumnDef" in def ? `drop column ${quoteName([def.ColumnDef.colname ?? ""])}` : null;
    case "AT_AddConstraint": {
      const made = def && "Constraint" in def ? def.Constraint.conname : undefined;
      return made ? `drop constraint ${quoteName([made])}` : null;
    }
    case "AT_SetNotNull":
      return `alter column ${column} drop not null`;
    case "AT_DropNotNull":
      return `alter column ${column} set not null`;
    case "AT_EnableRowSecurity":
      return "disable row level security";
    case "AT_DisableRowSecurity":
      return "enable row level security";
    case "AT_ForceRowSecurity":
      return "no force row level security";
    case "AT_NoForceRowSecurity":
      return "force row level security";
    case "AT_ColumnDefault":
    case "AT_AlterColumnType":
    case "AT_DropColumn":
      return db === null ? null : invertColumn(subtype, db, table, name);
    case "AT_DropConstraint": {
      const old = db === null ? null : await definitionOf(db, "constraint", [...table, name]);
      return old === null ? null : `add constraint ${column} ${old}`;
    }
    default:
      return null;
  }
}

async function invertColumn(
  subtype: string,
  db: Database,
  table: readonly string[],
  name: string,
): Promise<string | null> {
  const [old] = await db.query<{
    type: string;
    default: string | null;
    required: boolean;
    generated: boolean;
  }>(
    `select format_type(a.atttypid, a.atttypmod) as type, pg_get_expr(d.adbin, d.adrelid) as default,
       a.attnotnull as required, a.attgenerated <> '' or a.attidentity <> '' as generated
     from pg_attribute a left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
     where a.attrelid = to_regclass($1) and a.attname = $2 and not a.attisdropped`,
    [quoteName(table), name],
  );
  if (old === undefined || old.generated) return null;
  const column = quoteName([name]);
  if (subtype === "AT_ColumnDefault") {
    return old.default === null
      ? `alter column ${column} drop default`
      : `alter column ${column} set default ${old.default}`;
  }
  if (subtype === "AT_AlterColumnType")
    return `alter column ${column} type ${old.type} using ${column}::${old.type}`;
  const parts = [
    old.type,
    old.required ? "not null" : "",
    old.default === null ? "" : `default ${old.default}`,
  ];
  return `add column ${column} ${parts.filter(Boolean).join(" ")}`;
}

type Drop = Extract<Node, { DropStmt: unknown }>["DropStmt"];

async function invertDrop({ removeType, objects = [] }: Drop, db: Database): Promise<string[] | null> {
  const kinds: Readonly<Record<string, Defined>> = {
    OBJECT_INDEX: "index",
    OBJECT_VIEW: "view",
    OBJECT_FUNCTION: "function",
    OBJECT_TRIGGER: "trigger",
    OBJECT_POLICY: "policy",
  };
  const kind = kinds[removeType ?? ""];
  if (kind === undefined) return null;
  const inverses: string[] = [];
  for (const object of [...objects].reverse()) {
    const definition = await definitionOf(db, kind, objectName(object));
    if (definition === null) return null;
    inverses.push(definition);
  }
  return inverses;
}

type Defined = "view" | "function" | "index" | "trigger" | "policy" | "constraint";

/** How an object is made, as the catalog has it now; `null` where it is not there, or is one of several of its name. */
async function definitionOf(db: Database, kind: Defined, name: readonly string[]): Promise<string | null> {
  const last = name.at(-1) ?? "";
  const owner = quoteName(name.slice(0, -1));
  const statements: Readonly<Record<Defined, readonly [sql: string, ...params: string[]]>> = {
    view: [
      `select 'create or replace view ' || c.oid::regclass || ' as ' || rtrim(pg_get_viewdef(c.oid), ';') as sql
       from pg_class c where c.oid = to_regclass($1) and c.relkind = 'v'`,
      quoteName(name),
    ],
    function: [
      `select pg_get_functiondef(p.oid) as sql from pg_proc p
       where p.oid = to_regproc($1) and p.prokind in ('f', 'p')`,
      quoteName(name),
    ],
    index: ["select pg_get_indexdef(to_regclass($1)) as sql", quoteName(name)],
    trigger: [
      "select pg_get_triggerdef(oid) as sql from pg_trigger where tgrelid = to_regclass($1) and tgname = $2",
      owner,
      last,
    ],
    constraint: [
      "select pg_get_constraintdef(oid) as sql from pg_constraint where conrelid = to_regclass($1) and conname = $2",
      owner,
      last,
    ],
    policy: [
      `select format('create policy %I on %s as %s for %s to %s', polname, polrelid::regclass,
         case when polpermissive then 'permissive' else 'restrictive' end,
         case polcmd when 'r' then 'select' when 'a' then 'insert' when 'w' then 'update' when 'd' then 'delete' else 'all' end,
         (select string_agg(case r when 0 then 'public' else quote_ident(pg_get_userbyid(r)) end, ', ') from unnest(polroles) r))
         || coalesce(' using (' || pg_get_expr(polqual, polrelid) || ')', '')
         || coalesce(' with check (' || pg_get_expr(polwithcheck, polrelid) || ')', '') as sql
       from pg_policy where polrelid = to_regclass($1) and polname = $2`,
      owner,
      last,
    ],
  };
  const [sql, ...params] = statements[kind];
  const [row] = await db.query<{ sql: string | null }>(sql, params);
  return row?.sql ?? null;
}

function invertGrant(text: string): string[] | null {
  const [, granted, on, to] =
    /^\s*grant\s+([\s\S]+?)\s+on\s+([\s\S]+?)\s+to\s+([\s\S]+?)(?:\s+with\s+grant\s+option)?\s*$/i.exec(
      text,
    ) ?? [];
  if (granted !== undefined) return [`revoke ${granted} on ${on} from ${to}`];
  const [, revoked, from, whom] =
    /^\s*revoke\s+([\s\S]+?)\s+on\s+([\s\S]+?)\s+from\s+([\s\S]+?)\s*$/i.exec(text) ?? [];
  return revoked === undefined ? null : [`grant ${revoked} on ${from} to ${whom}`];
}

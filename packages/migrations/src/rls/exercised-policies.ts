import type { Database } from "@slipway/ledger";
import { parseSql, type SqlStatement } from "../sql/parse-sql.ts";
import { quoteName } from "../sql/quote-name.ts";
import { relationName } from "../sql/syntax-tree.ts";
import { touchedTables } from "../sql/touched-tables.ts";

/** A policy of the database. */
export interface Policy {
  /** Qualified and quoted. */
  readonly table: string;
  readonly name: string;
}

/** The name under which reports know a policy. */
export const policyKey = ({ table, name }: Policy): string => `${table}.${name}`;

/**
 * The policies that a statement meets when the current user runs it: those of the tables that it names, for its
 * command and this role, where row security is in force for it. Tables inside functions are not seen.
 */
export async function exercisedPolicies(db: Database, sql: string): Promise<string[]> {
  const statements = await parseSql({ file: "statement", text: sql });
  const names = touchedTables(statements).map((name) => quoteName(name.split(".")));
  if (names.length === 0) return [];
  const [target, command] = writtenBy(statements);
  const rows = await db.query<Policy>(
    `with recursive named as (
       select c.oid, c.relkind, c.reloptions, name = $2 as written
       from unnest($1::text[]) name join pg_class c on c.oid = to_regclass(name)
       union
       select b.oid, b.relkind, b.reloptions, named.written
       from named join pg_rewrite r on r.ev_class = named.oid
       join pg_depend d on d.classid = 'pg_rewrite'::regclass and d.objid = r.oid and d.refclassid = 'pg_class'::regclass
       join pg_class b on b.oid = d.refobjid
       where named.relkind = 'v' and named.reloptions && '{security_invoker=true,security_invoker=on}'::text[] and b.oid <> named.oid
     )
     select distinct p.polrelid::regclass::text as table, p.polname::text as name
     from named join pg_policy p on p.polrelid = named.oid
     where named.relkind in ('r', 'p') and row_security_active(p.polrelid)
       and (p.polcmd in ('*', 'r') or (named.written and p.polcmd = $3::"char"))
       and (0 = any (p.polroles) or exists (select from unnest(p.polroles) role where role <> 0 and pg_has_role(current_user, role, 'usage')))`,
    [names, target, command],
  );
  return rows.map(policyKey);
}

/** The relation that is written, quoted, and the command as `pg_policy` names it. */
function writtenBy(statements: readonly SqlStatement[]): [string, string] {
  for (const { node } of statements) {
    if ("InsertStmt" in node) return [quoteName(relationName(node.InsertStmt.relation)), "a"];
    if ("UpdateStmt" in node) return [quoteName(relationName(node.UpdateStmt.relation)), "w"];
    if ("DeleteStmt" in node) return [quoteName(relationName(node.DeleteStmt.relation)), "d"];
  }
  return ["", "r"];
}

/** All policies of a database, but those of the ledger. */
export function allPolicies(db: Database): Promise<(Policy & PolicyFacts)[]> {
  return db.query<Policy & PolicyFacts>(
    `select p.polrelid::regclass::text as table, p.polname::text as name, p.polpermissive as permissive,
       p.polcmd::text as command, pg_get_expr(p.polqual, p.polrelid) as using, pg_get_expr(p.polwithcheck, p.polrelid) as check
     from pg_policy p join pg_class c on c.oid = p.polrelid join pg_namespace n on n.oid = c.relnamespace
     where c.relrowsecurity and n.nspname <> all ('{slipway,slipway_saved}')
     order by 1, 2`,
  );
}

/** What a policy is made of. */
export interface PolicyFacts {
  readonly permissive: boolean;
  /** `*` all, `r` select, `a` insert, `w` update, `d` delete. */
  readonly command: string;
  readonly using: string | null;
  readonly check: string | null;
}

import type { Database } from "@slipway/ledger";

/** A column as the generator of rows sees it; a domain is looked through to its base type. */
export interface ColumnFacts {
  readonly name: string;
  /** Position, which a column keeps for as long as it lives. */
  readonly number: number;
  /** As SQL writes it: `numeric(8,2)`, `public.mood[]`. */
  readonly type: string;
  /** The base type's name without its schema: `int4`, `varchar`, `vector`. */
  readonly base: string;
  /** `b` base, `c` composite, `d` domain, `e` enum, `r` range, `m` multirange. */
  readonly kind: string;
  readonly array: boolean;
  /** What is in the parentheses of the type, or of the domain's base: -1 for nothing. */
  readonly modifier: number;
  readonly required: boolean;
  /** Postgres fills it when an INSERT says nothing: a default, an identity. */
  readonly filled: boolean;
  /** Postgres gives it a new value each time: an identity, a sequence. */
  readonly counted: boolean;
  /** Nobody may write it. */
  readonly generated: boolean;
  readonly labels: readonly string[] | null;
  readonly attributes: number;
  /** Whether the column's type is a domain, whose own conditions a value has to meet. */
  readonly domain: boolean;
}

/** A foreign key: its columns' numbers, and what they point to. */
export interface ReferenceFacts {
  readonly columns: readonly number[];
  readonly table: number;
  readonly to: readonly string[];
}

/** A table as the generator of rows and the probes see it. */
export interface TableFacts {
  readonly oid: number;
  /** Qualified and quoted. */
  readonly name: string;
  readonly columns: readonly ColumnFacts[];
  readonly references: readonly ReferenceFacts[];
  /** Texts of what limits values: checks of the table, of its domains, bounds of its partitions. */
  readonly conditions: readonly string[];
  /** Constraints and unique indexes by name, with the columns they look at; the bounds of partitions under "". */
  readonly limits: readonly { readonly name: string; readonly columns: readonly number[] }[];
  /** Numbers of the primary key's columns; empty without one. */
  readonly key: readonly number[];
}

/** Reads what is needed of tables, by their object ids, in one round trip. */
export async function tableFacts(db: Database, oids: readonly number[]): Promise<TableFacts[]> {
  const rows = await db.query<{ facts: TableFacts }>(statement, [oids]);
  return rows.map(({ facts }) => facts);
}

const statement = `
  select json_build_object(
    'oid', c.oid::bigint,
    'name', quote_ident(n.nspname) || '.' || quote_ident(c.relname),
    'columns', coalesce((
      select json_agg(json_build_object(
        'name', a.attname, 'number', a.attnum, 'type', format_type(a.atttypid, a.atttypmod),
        'base', coalesce(element.typname, b.typname), 'kind', coalesce(element.typtype, b.typtype),
        'array', element.oid is not null, 'modifier', coalesce(nullif(a.atttypmod, -1), d.modifier, -1),
        'required', a.attnotnull or d.required,
        'filled', a.atthasdef or a.attidentity <> '' or d.filled,
        'counted', a.attidentity <> '' or coalesce(pg_get_expr(f.adbin, f.adrelid) like 'nextval(%', false),
        'generated', a.attgenerated <> '' or a.attidentity = 'a',
        'domain', type.typtype = 'd',
        'labels', (select json_agg(e.enumlabel order by e.enumsortorder) from pg_enum e
          where e.enumtypid = coalesce(element.oid, b.oid)),
        'attributes', (select count(*)::int from pg_attribute p
          where p.attrelid = nullif(coalesce(element.typrelid, b.typrelid), 0) and p.attnum > 0 and not p.attisdropped)
      ) order by a.attnum)
      from pg_attribute a
      cross join lateral (
        with recursive chain (oid, modifier, required, filled, depth) as (
          select a.atttypid, -1, false, false, 0
          union all
          select t.typbasetype, t.typtypmod, chain.required or t.typnotnull, chain.filled or t.typdefault is not null, depth + 1
          from chain join pg_type t on t.oid = chain.oid where t.typtype = 'd'
        )
        select * from chain order by depth desc limit 1
      ) d
      join pg_type b on b.oid = d.oid
      join pg_type type on type.oid = a.atttypid
      left join pg_type element on element.oid = b.typelem and b.typcategory = 'A'
      left join pg_attrdef f on f.adrelid = a.attrelid and f.adnum = a.attnum
      where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped), '[]'),
    'references', coalesce((
      select json_agg(json_build_object('columns', k.conkey, 'table', k.confrelid::bigint,
        'to', (select json_agg(a.attname order by u.at) from unnest(k.confkey) with ordinality u (number, at)
          join pg_attribute a on a.attrelid = k.confrelid and a.attnum = u.number)) order by k.conname)
      from pg_constraint k where k.conrelid = c.oid and k.contype = 'f'), '[]'),
    'conditions', coalesce((
      select json_agg(text) from (
        select pg_get_constraintdef(k.oid) as text from pg_constraint k where k.conrelid = c.oid and k.contype = 'c'
        union all
        select pg_get_constraintdef(k.oid) from pg_constraint k join pg_attribute a on a.atttypid = k.contypid
          where a.attrelid = c.oid and k.contype = 'c'
        union all
        select pg_get_expr(p.relpartbound, p.oid) from pg_inherits i join pg_class p on p.oid = i.inhrelid
          where i.inhparent = c.oid and p.relpartbound is not null
      ) texts), '[]'),
    'limits', coalesce((
      select json_agg(json_build_object('name', name, 'columns', columns)) from (
        select k.conname as name, to_json(k.conkey) as columns from pg_constraint k
          where k.conrelid = c.oid and k.contype in ('c', 'u', 'p', 'x') and k.conkey is not null
        union all
        select x.relname, to_json(i.indkey::int2[]) from pg_index i join pg_class x on x.oid = i.indexrelid
          where i.indrelid = c.oid and i.indisunique
        union all
        select '', to_json(p.partattrs::int2[]) from pg_partitioned_table p where p.partrelid = c.oid
      ) limits), '[]'),
    'key', coalesce((select to_json(k.conkey) from pg_constraint k where k.conrelid = c.oid and k.contype = 'p'), '[]')
  ) as facts
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where c.oid = any ($1::oid[]) order by c.oid`;

-- The ledger's schema, and slipway_api, as text, from the catalog: one line per column, constraint, index, trigger and grant,
-- and every function whole. The owner's name is written as "owner"; NOT NULL stands with the column, since
-- Postgres 18 lists it as a constraint and older versions do not.
with grants as (
  select kind, name, case when grantee = 0 then 'public' when grantee = owner then 'owner'
      when pg_get_userbyid(grantee) like 'slipway%' then pg_get_userbyid(grantee) else 'somebody else' end as who,
    string_agg(privilege_type, ', ' order by privilege_type collate "C") as what
  from (
    select 'schema' as kind, n.nspname::text as name, n.nspowner as owner, a.grantee, a.privilege_type
    from pg_namespace n, aclexplode(coalesce(n.nspacl, acldefault('n', n.nspowner))) a
    where n.nspname in ('slipway', 'slipway_api')
    union all
    select case c.relkind when 'v' then 'view' when 'S' then 'sequence' else 'table' end, c.relname, c.relowner, a.grantee, a.privilege_type
    from pg_class c, aclexplode(coalesce(c.relacl, acldefault(case when c.relkind = 'S' then 's' else 'r' end::"char", c.relowner))) a
    where c.relnamespace = 'slipway'::regnamespace and c.relkind in ('r', 'v', 'S') and a.privilege_type <> 'MAINTAIN'
    union all
    select 'function', case when p.pronamespace <> 'slipway'::regnamespace then 'slipway_api.' else '' end || p.proname || '(' || pg_get_function_identity_arguments(p.oid) || ')', p.proowner, a.grantee, a.privilege_type
    from pg_proc p, aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a
    where p.pronamespace in ('slipway'::regnamespace, to_regnamespace('slipway_api'))
  ) as acl
  group by kind, name, who
), lines (section, name, place, line) as (
  select 1, c.relname::text, a.attnum::int,
    format('column %s.%s %s%s%s%s', c.relname, a.attname, format_type(a.atttypid, a.atttypmod),
      case when a.attnotnull then ' not null' else '' end,
      case a.attidentity when '' then '' else ' identity' end,
      coalesce(' default ' || pg_get_expr(d.adbin, d.adrelid), ''))
  from pg_class c
  join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
  left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
  where c.relnamespace = 'slipway'::regnamespace and c.relkind = 'r'
  union all
  select 2, conname::text, 0, format('constraint %s.%s %s', conrelid::regclass, conname, pg_get_constraintdef(oid))
  from pg_constraint where connamespace = 'slipway'::regnamespace and contype <> 'n'
  union all
  select 3, indexname, 0, indexdef from pg_indexes where schemaname = 'slipway'
  union all
  select 4, tgrelid::regclass || '.' || tgname, 0, format('%s enabled %s', pg_get_triggerdef(oid), tgenabled)
  from pg_trigger where tgrelid in (select oid from pg_class where relnamespace = 'slipway'::regnamespace) and not tgisinternal
  union all
  select 5, viewname::text, 0, format('view %s%s%s', viewname, chr(10), definition) from pg_views where schemaname = 'slipway'
  union all
  select 6, p.oid::regprocedure::text, 0, pg_get_functiondef(p.oid) from pg_proc p where p.pronamespace in ('slipway'::regnamespace, to_regnamespace('slipway_api'))
  union all
  select 7, kind || name || who, 0, format('grant on %s %s to %s: %s', kind, name, who, what) from grants
)
select string_agg(line, chr(10) order by section, name collate "C", place) as text from lines

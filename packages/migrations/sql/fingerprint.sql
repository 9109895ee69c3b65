-- Every object of the catalog that a migration can change, as (kind, name, definition). Runs with an empty
-- search_path and fixed output settings, so that all names are qualified and texts do not depend on the session.
--
-- Nothing in it may differ between two databases with the same schema: no OID, no attribute number, no
-- pg_attver (a counter that newer minor releases keep in attoptions). Access lists count as sorted, and one that
-- was never set equals the default written out. Members of extensions count by their privileges only: the rest
-- comes with the extension's version.
with
schemas as materialized (
  select n.oid, n.nspname, n.nspowner, n.nspacl from pg_namespace n
  where n.nspname !~ '^pg_' and n.nspname <> all ('{information_schema,slipway,slipway_api,slipway_saved,supabase_migrations}')
),
members as materialized (
  select d.classid, d.objid from pg_depend d where d.deptype = 'e'
),
relations as materialized (
  select c.oid::regclass::text as name, c.*
  from pg_class c join schemas s on s.oid = c.relnamespace
  where not exists (select from members m where m.classid = 'pg_class'::regclass and m.objid = c.oid)
),
objects (kind, name, definition) as (
  select 'schema', quote_ident(s.nspname),
    row(pg_get_userbyid(s.nspowner),
      (select array_agg(a::text order by a::text collate "C") from unnest(coalesce(s.nspacl, acldefault('n', s.nspowner))) a))::text
  from schemas s

  union all
  select
    case c.relkind when 'r' then 'table' when 'p' then 'table' when 'v' then 'view' when 'm' then 'materialized view'
      when 'S' then 'sequence' else 'foreign table' end,
    c.name,
    row(c.relkind, c.relpersistence, pg_get_userbyid(c.relowner),
      (select array_agg(a::text order by a::text collate "C")
        from unnest(coalesce(c.relacl, acldefault(case c.relkind when 'S' then 's'::"char" else 'r' end, c.relowner))) a),
      case when c.reloptions is not null then (select array_agg(o order by o collate "C") from unnest(c.reloptions) o) end,
      case when toast.reloptions is not null then (select array_agg(o order by o collate "C") from unnest(toast.reloptions) o) end,
      c.relrowsecurity, c.relforcerowsecurity, c.relreplident,
      case when c.relam <> 0 then (select am.amname from pg_am am where am.oid = c.relam) end,
      case when c.reltablespace <> 0 then (select t.spcname from pg_tablespace t where t.oid = c.reltablespace) end,
      c.relispopulated,
      case when c.relispartition then pg_get_expr(c.relpartbound, c.oid) end,
      case when c.relkind = 'p' then pg_get_partkeydef(c.oid) end,
      case when c.relkind in ('r', 'p', 'f') then (
        select array_agg(row(i.inhparent::regclass, i.inhdetachpending)::text order by i.inhseqno) from pg_inherits i where i.inhrelid = c.oid
      ) end,
      case when c.reloftype <> 0 then format_type(c.reloftype, null) end,
      case when c.relkind in ('v', 'm') then pg_get_viewdef(c.oid) end,
      case when c.relkind = 'S' then (
        select row(format_type(q.seqtypid, null), q.seqstart, q.seqincrement, q.seqmax, q.seqmin, q.seqcache, q.seqcycle)::text
        from pg_sequence q where q.seqrelid = c.oid
      ) end,
      case when c.relkind = 'S' then (
        select row(d.deptype, d.refobjid::regclass, a.attname)::text
        from pg_depend d join pg_attribute a on a.attrelid = d.refobjid and a.attnum = d.refobjsubid
        where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.refclassid = 'pg_class'::regclass and d.deptype in ('a', 'i')
      ) end,
      case when c.relkind = 'f' then (
        select row(s.srvname, (select array_agg(o order by o collate "C") from unnest(f.ftoptions) o))::text
        from pg_foreign_table f join pg_foreign_server s on s.oid = f.ftserver where f.ftrelid = c.oid
      ) end)::text
  from relations c left join pg_class toast on toast.oid = c.reltoastrelid and toast.reloptions is not null
  where c.relkind in ('r', 'p', 'v', 'm', 'S', 'f')

  union all
  select 'column', c.name || '.' || quote_ident(a.attname),
    row(format_type(a.atttypid, a.atttypmod), a.attnotnull, pg_get_expr(d.adbin, d.adrelid), a.attidentity, a.attgenerated,
      case when a.attcollation <> 0 then a.attcollation::regcollation end, a.attstorage, a.attcompression,
      coalesce(nullif(a.attstattarget, -1)::text, ''),
      case when a.attoptions is not null then (select array_agg(o order by o collate "C") from unnest(a.attoptions) o where o not like 'pg\_attver=%') end,
      case when a.attacl is not null then (select array_agg(i::text order by i::text collate "C") from unnest(a.attacl) i) end,
      case when a.attfdwoptions is not null then (select array_agg(o order by o collate "C") from unnest(a.attfdwoptions) o) end,
      a.attislocal, a.attinhcount)::text
  from relations c
  join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
  left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
  where c.relkind in ('r', 'p', 'v', 'm', 'f', 'c')

  union all
  select 'column order', c.name, (
    select string_agg(quote_ident(a.attname), ', ' order by a.attnum)
    from pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped)
  from relations c where c.relkind in ('r', 'p', 'f')

  union all
  select 'index', c.name,
    row(pg_get_indexdef(i.indexrelid), i.indisvalid, i.indisready, i.indisclustered, i.indisreplident,
      (select t.spcname from pg_tablespace t where t.oid = c.reltablespace),
      (select array_agg(row(a.attnum, a.attstattarget)::text order by a.attnum) from pg_attribute a
        where a.attrelid = c.oid and a.attstattarget <> -1),
      (select h.inhparent::regclass from pg_inherits h where h.inhrelid = c.oid))::text
  from relations c join pg_index i on i.indexrelid = c.oid

  union all
  select 'constraint',
    case when k.conrelid <> 0 then k.conrelid::regclass::text else k.contypid::regtype::text end || '.' || quote_ident(k.conname),
    row(k.contype, pg_get_constraintdef(k.oid), k.convalidated, k.conislocal, k.coninhcount)::text
  from pg_constraint k join schemas s on s.oid = k.connamespace
  where not exists (select from members m
    where (m.classid = 'pg_class'::regclass and m.objid = k.conrelid) or (m.classid = 'pg_type'::regclass and m.objid = k.contypid))

  union all
  select 'trigger', c.name || '.' || quote_ident(t.tgname), row(pg_get_triggerdef(t.oid), t.tgenabled)::text
  from relations c join pg_trigger t on t.tgrelid = c.oid and not t.tgisinternal

  union all
  select 'rule', c.name || '.' || quote_ident(r.rulename), row(pg_get_ruledef(r.oid), r.ev_enabled)::text
  from relations c join pg_rewrite r on r.ev_class = c.oid and r.rulename <> '_RETURN'

  union all
  select 'policy', c.name || '.' || quote_ident(p.polname),
    row(p.polcmd, p.polpermissive,
      (select array_agg(case r when 0 then 'public' else pg_get_userbyid(r) end::text order by 1) from unnest(p.polroles) r),
      pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid))::text
  from relations c join pg_policy p on p.polrelid = c.oid

  union all
  select case p.prokind when 'p' then 'procedure' when 'a' then 'aggregate' else 'function' end, p.oid::regprocedure::text,
    row(pg_get_userbyid(p.proowner),
      (select array_agg(a::text order by a::text collate "C") from unnest(coalesce(p.proacl, acldefault('f', p.proowner))) a),
      case when member.objid is null then
        case p.prokind when 'a' then (to_jsonb(g) - '{aggfnoid,aggtranstype,aggmtranstype,aggsortop}'::text[])::text
          || row(format_type(g.aggtranstype, null), format_type(g.aggmtranstype, null), g.aggsortop::regoperator, p.proparallel,
            pg_get_function_arguments(p.oid), pg_get_function_result(p.oid))::text
        else pg_get_functiondef(p.oid) end
      end)::text
  from pg_proc p join schemas s on s.oid = p.pronamespace
  left join pg_aggregate g on g.aggfnoid = p.oid
  left join members member on member.classid = 'pg_proc'::regclass and member.objid = p.oid

  union all
  select 'type', t.oid::regtype::text,
    row(t.typtype, pg_get_userbyid(t.typowner),
      (select array_agg(a::text order by a::text collate "C") from unnest(coalesce(t.typacl, acldefault('T', t.typowner))) a),
      case when t.typtype = 'e' then (select array_agg(e.enumlabel order by e.enumsortorder) from pg_enum e where e.enumtypid = t.oid) end,
      case when t.typtype = 'd' then row(format_type(t.typbasetype, t.typtypmod), t.typnotnull, t.typdefault,
        case when t.typcollation <> 0 then t.typcollation::regcollation end)::text end,
      case when t.typtype = 'c' then (
        select array_agg(quote_ident(a.attname) order by a.attnum) from pg_attribute a
        where a.attrelid = t.typrelid and a.attnum > 0 and not a.attisdropped) end,
      (select row(format_type(r.rngsubtype, null), o.opcname, case when r.rngcollation <> 0 then r.rngcollation::regcollation end,
          r.rngcanonical, r.rngsubdiff, format_type(r.rngmultitypid, null))::text
        from pg_range r join pg_opclass o on o.oid = r.rngsubopc where r.rngtypid = t.oid),
      case when t.typtype = 'b' then row(t.typlen, t.typbyval, t.typcategory, t.typispreferred, t.typdelim, t.typinput, t.typoutput,
        t.typreceive, t.typsend, t.typmodin, t.typmodout, t.typanalyze, t.typalign, t.typstorage, t.typdefault)::text end)::text
  from pg_type t join schemas s on s.oid = t.typnamespace
  left join pg_class c on c.oid = t.typrelid
  where t.typtype <> 'm' and coalesce(c.relkind, 'c') = 'c'
    and not exists (select from pg_type element where element.typarray = t.oid)
    and not exists (select from members m where m.classid = 'pg_type'::regclass and m.objid = t.oid)

  union all
  select case when c.relkind = 'S' then 'sequence' else 'table' end, c.oid::regclass::text,
    row(pg_get_userbyid(c.relowner),
      (select array_agg(a::text order by a::text collate "C")
        from unnest(coalesce(c.relacl, acldefault(case c.relkind when 'S' then 's'::"char" else 'r' end, c.relowner))) a))::text
  from members m join pg_class c on m.classid = 'pg_class'::regclass and m.objid = c.oid
  join schemas s on s.oid = c.relnamespace
  where c.relkind in ('r', 'p', 'v', 'm', 'S', 'f')

  union all
  select 'extension', quote_ident(e.extname), row(e.extversion, e.extnamespace::regnamespace)::text from pg_extension e

  union all
  select 'comment', i.type || ' ' || i.identity, d.description
  from pg_description d cross join lateral pg_identify_object(d.classoid, d.objoid, d.objsubid) i
  where (d.objoid >= 16384 or (d.classoid = 'pg_namespace'::regclass and d.objoid = 'public'::regnamespace))
    and i.identity !~ '(^| on )(slipway|slipway_saved)($|\.)'
    and not exists (select from members m where m.classid = d.classoid and m.objid = d.objoid)

  union all
  select 'security label', l.provider || ' ' || i.type || ' ' || i.identity, l.label
  from pg_seclabel l cross join lateral pg_identify_object(l.classoid, l.objoid, l.objsubid) i

  union all
  select 'default privileges', concat_ws(' ', 'for', quote_ident(pg_get_userbyid(d.defaclrole)), 'in ' || nullif(d.defaclnamespace, 0)::regnamespace, 'on', d.defaclobjtype),
    (select array_agg(a::text order by a::text collate "C") from unnest(d.defaclacl) a)::text
  from pg_default_acl d

  union all
  select 'publication', quote_ident(p.pubname),
    row(pg_get_userbyid(p.pubowner), to_jsonb(p) - '{oid,pubname,pubowner}'::text[],
      (select array_agg(n.pnnspid::regnamespace::text order by n.pnnspid::regnamespace::text collate "C")
        from pg_publication_namespace n where n.pnpubid = p.oid),
      (select array_agg(row(r.prrelid::regclass, pg_get_expr(r.prqual, r.prrelid),
          (select array_agg(a.attname::text order by a.attname::text collate "C") from pg_attribute a
            where a.attrelid = r.prrelid and a.attnum = any (r.prattrs::int2[])))::text
          order by r.prrelid::regclass::text collate "C")
        from pg_publication_rel r where r.prpubid = p.oid))::text
  from pg_publication p

  union all
  select 'subscription', quote_ident(u.subname),
    row(pg_get_userbyid(u.subowner), u.subenabled, u.subbinary, u.subslotname, u.subsynccommit, u.subpublications)::text
  from pg_subscription u where u.subdbid = (select d.oid from pg_database d where d.datname = current_database())

  union all
  select 'event trigger', quote_ident(t.evtname),
    row(pg_get_userbyid(t.evtowner), t.evtevent, t.evtfoid::regprocedure, t.evtenabled, t.evttags)::text
  from pg_event_trigger t
  where not exists (select from members m where m.classid = 'pg_event_trigger'::regclass and m.objid = t.oid)

  union all
  select 'foreign data wrapper', quote_ident(w.fdwname),
    row(pg_get_userbyid(w.fdwowner), w.fdwhandler::regproc, w.fdwvalidator::regproc,
      (select array_agg(o order by o collate "C") from unnest(w.fdwoptions) o),
      (select array_agg(a::text order by a::text collate "C") from unnest(coalesce(w.fdwacl, acldefault('F', w.fdwowner))) a))::text
  from pg_foreign_data_wrapper w

  union all
  select 'server', quote_ident(v.srvname),
    row(pg_get_userbyid(v.srvowner), w.fdwname, v.srvtype, v.srvversion,
      (select array_agg(o order by o collate "C") from unnest(v.srvoptions) o),
      (select array_agg(a::text order by a::text collate "C") from unnest(coalesce(v.srvacl, acldefault('S', v.srvowner))) a))::text
  from pg_foreign_server v join pg_foreign_data_wrapper w on w.oid = v.srvfdw

  union all
  select 'user mapping', quote_ident(u.srvname) || ' ' || quote_ident(u.usename),
    coalesce((select array_agg(o order by o collate "C") from unnest(u.umoptions) o)::text, '')
  from pg_user_mappings u

  union all
  select 'statistics', quote_ident(s.nspname) || '.' || quote_ident(x.stxname),
    row(pg_get_userbyid(x.stxowner), x.stxrelid::regclass, x.stxkind, nullif(x.stxstattarget, -1),
      (select array_agg(a.attname::text order by a.attname::text collate "C") from pg_attribute a
        where a.attrelid = x.stxrelid and a.attnum = any (x.stxkeys::int2[])),
      pg_get_expr(x.stxexprs, x.stxrelid))::text
  from pg_statistic_ext x join schemas s on s.oid = x.stxnamespace

  union all
  select 'collation', l.oid::regcollation::text,
    row(pg_get_userbyid(l.collowner), to_jsonb(l) - '{oid,collname,collnamespace,collowner,collversion}'::text[])::text
  from pg_collation l join schemas s on s.oid = l.collnamespace

  union all
  select 'conversion', quote_ident(s.nspname) || '.' || quote_ident(v.conname),
    row(pg_get_userbyid(v.conowner), v.conforencoding, v.contoencoding, v.conproc, v.condefault)::text
  from pg_conversion v join schemas s on s.oid = v.connamespace

  union all
  select 'operator', o.oid::regoperator::text,
    row(pg_get_userbyid(o.oprowner), o.oprcode, o.oprcom::regoperator, o.oprnegate::regoperator, o.oprrest, o.oprjoin, o.oprcanmerge, o.oprcanhash)::text
  from pg_operator o join schemas s on s.oid = o.oprnamespace
  where not exists (select from members m where m.classid = 'pg_operator'::regclass and m.objid = o.oid)

  union all
  select 'operator class', quote_ident(s.nspname) || '.' || quote_ident(o.opcname) || ' using ' || am.amname,
    row(pg_get_userbyid(o.opcowner), format_type(o.opcintype, null), o.opcdefault, f.opfname, format_type(nullif(o.opckeytype, 0), null))::text
  from pg_opclass o join schemas s on s.oid = o.opcnamespace join pg_am am on am.oid = o.opcmethod join pg_opfamily f on f.oid = o.opcfamily
  where not exists (select from members m where m.classid = 'pg_opclass'::regclass and m.objid = o.oid)

  union all
  select 'operator family', quote_ident(s.nspname) || '.' || quote_ident(f.opfname) || ' using ' || am.amname,
    row(pg_get_userbyid(f.opfowner),
      (select array_agg(row(format_type(o.amoplefttype, null), format_type(o.amoprighttype, null), o.amopstrategy, o.amoppurpose, o.amopopr::regoperator)::text
          order by o.amoplefttype::regtype::text collate "C", o.amoprighttype::regtype::text collate "C", o.amopstrategy)
        from pg_amop o where o.amopfamily = f.oid),
      (select array_agg(row(format_type(p.amproclefttype, null), format_type(p.amprocrighttype, null), p.amprocnum, p.amproc)::text
          order by p.amproclefttype::regtype::text collate "C", p.amprocrighttype::regtype::text collate "C", p.amprocnum)
        from pg_amproc p where p.amprocfamily = f.oid))::text
  from pg_opfamily f join schemas s on s.oid = f.opfnamespace join pg_am am on am.oid = f.opfmethod
  where not exists (select from members m where m.classid = 'pg_opfamily'::regclass and m.objid = f.oid)

  union all
  select 'cast', format_type(k.castsource, null) || ' as ' || format_type(k.casttarget, null),
    row(nullif(k.castfunc, 0)::regprocedure, k.castcontext, k.castmethod)::text
  from pg_cast k
  where k.oid >= 16384 and not exists (select from members m where m.classid = 'pg_cast'::regclass and m.objid = k.oid)

  union all
  select 'language', quote_ident(l.lanname),
    row(pg_get_userbyid(l.lanowner), l.lanpltrusted, nullif(l.lanplcallfoid, 0)::regprocedure,
      (select array_agg(a::text order by a::text collate "C") from unnest(coalesce(l.lanacl, acldefault('l', l.lanowner))) a))::text
  from pg_language l

  union all
  select 'transform', format_type(t.trftype, null) || ' in ' || l.lanname,
    row(nullif(t.trffromsql::oid, 0)::regprocedure, nullif(t.trftosql::oid, 0)::regprocedure)::text
  from pg_transform t join pg_language l on l.oid = t.trflang
  where not exists (select from members m where m.classid = 'pg_transform'::regclass and m.objid = t.oid)

  union all
  select 'access method', quote_ident(am.amname), row(am.amhandler, am.amtype)::text from pg_am am where am.oid >= 16384

  union all
  select 'text search parser', quote_ident(s.nspname) || '.' || quote_ident(p.prsname),
    (to_jsonb(p) - '{oid,prsname,prsnamespace}'::text[])::text
  from pg_ts_parser p join schemas s on s.oid = p.prsnamespace

  union all
  select 'text search template', quote_ident(s.nspname) || '.' || quote_ident(t.tmplname), row(t.tmplinit, t.tmpllexize)::text
  from pg_ts_template t join schemas s on s.oid = t.tmplnamespace

  union all
  select 'text search dictionary', d.oid::regdictionary::text,
    row(pg_get_userbyid(d.dictowner), t.tmplname, d.dictinitoption)::text
  from pg_ts_dict d join schemas s on s.oid = d.dictnamespace join pg_ts_template t on t.oid = d.dicttemplate
  where not exists (select from members m where m.classid = 'pg_ts_dict'::regclass and m.objid = d.oid)

  union all
  select 'text search configuration', g.oid::regconfig::text,
    row(pg_get_userbyid(g.cfgowner), p.prsname,
      (select array_agg(row(m.maptokentype, m.mapseqno, m.mapdict::regdictionary)::text order by m.maptokentype, m.mapseqno)
        from pg_ts_config_map m where m.mapcfg = g.oid))::text
  from pg_ts_config g join schemas s on s.oid = g.cfgnamespace join pg_ts_parser p on p.oid = g.cfgparser

  union all
  select 'database', '(this one)',
    (select array_agg(a::text order by a::text collate "C") from unnest(coalesce(d.datacl, acldefault('d', d.datdba))) a)::text
  from pg_database d where d.datname = current_database()

  union all
  select 'database setting', case r.setrole when 0 then 'for everybody' else 'for ' || quote_ident(pg_get_userbyid(r.setrole)) end,
    (select array_agg(o order by o collate "C") from unnest(r.setconfig) o)::text
  from pg_db_role_setting r join pg_database d on d.oid = r.setdatabase where d.datname = current_database()

  -- Roles belong to the whole server, so other databases change them too: only where the server is one's own.
  union all
  select 'role', quote_ident(r.rolname),
    row(r.rolsuper, r.rolinherit, r.rolcreaterole, r.rolcreatedb, r.rolcanlogin, r.rolreplication, r.rolbypassrls, r.rolconnlimit,
      r.rolvaliduntil,
      (select array_agg(row(pg_get_userbyid(m.roleid), m.admin_option)::text order by pg_get_userbyid(m.roleid)::text collate "C")
        from pg_auth_members m where m.member = r.oid),
      (select array_agg(o order by o collate "C") from pg_db_role_setting s, unnest(s.setconfig) o
        where s.setrole = r.oid and s.setdatabase = 0))::text
  from pg_roles r where $2 and r.rolname !~ '^pg_'
)
select o.kind, o.name, encode(sha256(convert_to(coalesce(o.definition, ''), 'UTF8')), 'hex') as hash,
  case when $1 or o.kind = 'column order' then o.definition end as definition
from objects o
order by o.kind collate "C", o.name collate "C"

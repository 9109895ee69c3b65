-- Step 2: the audit, a chain of events in which each carries the hash of the one before.

create table slipway.audit (
  seq bigint primary key,
  at timestamptz not null,
  actor text not null,
  run bigint,
  kind text not null,
  subject text,
  data jsonb not null,
  prev text not null,
  hash text not null
);

-- The newest event. One row: who appends locks it, so that the sequence has no gap and no fork.
create table slipway.audit_head (
  one boolean primary key default true check (one),
  seq bigint not null,
  hash text not null
) with (fillfactor = 10);

insert into slipway.audit_head (seq, hash) values (0, pg_catalog.repeat('0', 64));

-- The statement triggers refuse before a row is looked at, the row triggers what reaches a row by another way.
create trigger audit_append_only before update or delete or truncate on slipway.audit
  for each statement execute function slipway.refuse_change();
create trigger audit_append_only_row before update or delete on slipway.audit
  for each row execute function slipway.refuse_change();
create trigger audit_head_stays before delete or truncate on slipway.audit_head
  for each statement execute function slipway.refuse_change();

-- Not even the owner, who could grant it back: but not by accident.
do $$ begin
  execute pg_catalog.format('revoke update, delete, truncate on slipway.audit from %I', current_user);
end $$;

-- JSON with sorted keys and no white space, byte for byte what the kernel's canonicalJson writes.
create function slipway.canonical_json(p_value jsonb) returns text
language plpgsql immutable strict parallel safe as $$
begin
  case pg_catalog.jsonb_typeof(p_value)
    when 'object' then
      return (
        select '{' || coalesce(pg_catalog.string_agg(
          pg_catalog.to_json(key)::text || ':' || case pg_catalog.jsonb_typeof(value)
            when 'string' then value::text
            else slipway.canonical_json(value)
          end, ',' order by key collate "C"), '') || '}'
        from pg_catalog.jsonb_each(p_value)
      );
    when 'array' then
      return (
        select '[' || coalesce(pg_catalog.string_agg(slipway.canonical_json(value), ',' order by place), '') || ']'
        from pg_catalog.jsonb_array_elements(p_value) with ordinality as element (value, place)
      );
    when 'number' then
      -- Fractions and larger integers are written differently by different programs.
      if p_value::text !~ '^-?[0-9]{1,16}$' or pg_catalog.abs(p_value::numeric) > 9007199254740991 then
        raise exception using
          errcode = '22023',
          message = pg_catalog.format('audit data holds %s, which is not an integer of at most 53 bits', p_value);
      end if;
      return p_value::text;
    else
      return p_value::text;
  end case;
end $$;

create function slipway.append_audit(
  p_actor text, p_run bigint, p_kind text, p_subject text, p_data jsonb, out seq bigint, out hash text
)
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  v_prev text;
  v_at timestamptz;
  v_data jsonb := coalesce(p_data, '{}');
begin
  select h.seq + 1, h.hash into strict seq, v_prev from slipway.audit_head h for no key update;
  -- After the lock: events are in the order of their times.
  v_at := clock_timestamp();
  hash := encode(sha256(convert_to(
    '{"actor":' || to_json(p_actor)::text
    || ',"at":"' || slipway.iso(v_at)
    || '","data":' || slipway.canonical_json(v_data)
    || ',"kind":' || to_json(p_kind)::text
    || ',"prev":"' || v_prev
    || '","run":' || coalesce(p_run::text, 'null')
    || ',"seq":' || seq
    || ',"subject":' || coalesce(to_json(p_subject)::text, 'null')
    || '}', 'UTF8')), 'hex');
  insert into slipway.audit values (seq, v_at, p_actor, p_run, p_kind, p_subject, v_data, v_prev, hash);
  update slipway.audit_head h set seq = append_audit.seq, hash = append_audit.hash;
end $$;

-- Events after a sequence number, oldest first, with their members in the order that people read.
create function slipway.read_audit(p_after bigint, p_limit integer) returns setof json
language sql stable
begin atomic
  select pg_catalog.json_build_object(
    'seq', a.seq, 'at', slipway.iso(a.at), 'actor', a.actor, 'run', a.run, 'kind', a.kind,
    'subject', a.subject, 'data', a.data, 'prev', a.prev, 'hash', a.hash)
  from slipway.audit a where a.seq > p_after order by a.seq limit p_limit;
end;

-- Writes down whose ledger this is, or that it was upgraded.
create function slipway.built(p_project text, p_environment text, p_version integer) returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  v_from integer;
begin
  select m.version into v_from from slipway.meta m;
  if v_from is null then
    insert into slipway.meta (version, project, environment) values (p_version, p_project, p_environment);
    perform slipway.append_audit('slipway', null, 'ledger.created', p_project || '/' || p_environment,
      jsonb_build_object('version', p_version));
  else
    update slipway.meta set version = p_version, upgraded_at = clock_timestamp();
    perform slipway.append_audit('slipway', null, 'ledger.upgraded', p_project || '/' || p_environment,
      jsonb_build_object('from', v_from, 'version', p_version));
  end if;
end $$;

revoke all on all functions in schema slipway from public;

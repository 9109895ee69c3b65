-- Step 6: applied migrations, each with the SQL that undoes it. Their rows are written in the transaction of
-- the migration itself.

create table slipway.migrations (
  id text primary key,
  ordinal integer not null unique check (ordinal > 0),
  release text not null,
  phase text not null check (phase in ('expand', 'contract')),
  kind text not null check (kind in ('lossless', 'lossy', 'irreversible')),
  up_sql text not null,
  down_sql text,
  up_sha256 text not null,
  down_sha256 text,
  applied_at timestamptz not null,
  applied_by text not null,
  run bigint references slipway.runs (id),
  fingerprint_before text,
  fingerprint_after text,
  constraint migrations_rollback check (
    (down_sql is null) = (down_sha256 is null) and (down_sql is not null or kind = 'irreversible')
  )
);
create trigger migrations_stay before truncate on slipway.migrations
  for each statement execute function slipway.refuse_change();

create table slipway.migrations_reverted (
  entry bigint generated always as identity primary key,
  id text not null,
  ordinal integer not null,
  release text not null,
  phase text not null,
  kind text not null,
  up_sql text not null,
  down_sql text,
  up_sha256 text not null,
  down_sha256 text,
  applied_at timestamptz not null,
  applied_by text not null,
  run bigint,
  fingerprint_before text,
  fingerprint_after text,
  reverted_at timestamptz not null,
  reverted_by text not null,
  reverted_run bigint
);
create trigger migrations_reverted_append_only before update or delete or truncate on slipway.migrations_reverted
  for each statement execute function slipway.refuse_change();

create function slipway.migration_applied(
  p_token bigint, p_run bigint, p_actor text, p_id text, p_release text, p_phase text, p_kind text,
  p_up text, p_down text, p_up_sha text, p_down_sha text
) returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  v_ordinal integer;
begin
  perform slipway.fence(p_token);
  insert into slipway.migrations (
    id, ordinal, release, phase, kind, up_sql, down_sql, up_sha256, down_sha256, applied_at, applied_by, run)
  select p_id, coalesce(max(m.ordinal), 0) + 1, p_release, p_phase, p_kind, p_up, p_down, p_up_sha, p_down_sha,
    clock_timestamp(), p_actor, p_run
  from slipway.migrations m
  on conflict (id) do nothing
  returning ordinal into v_ordinal;
  if v_ordinal is null then
    raise exception using errcode = 'SW003', message = format('migration %s is applied already', p_id);
  end if;
  perform slipway.append_audit(p_actor, p_run, 'migration.applied', p_id, jsonb_build_object(
    'ordinal', v_ordinal, 'release', p_release, 'phase', p_phase, 'kind', p_kind,
    'upSha256', p_up_sha, 'downSha256', p_down_sha));
end $$;

create function slipway.migration_reverted(p_token bigint, p_run bigint, p_actor text, p_id text) returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  v_row slipway.migrations;
begin
  perform slipway.fence(p_token);
  select * into v_row from slipway.migrations m order by m.ordinal desc limit 1;
  if v_row.id is distinct from p_id then
    raise exception using errcode = 'SW003',
      message = format('migration %s is not the newest applied one', p_id),
      detail = coalesce('the newest is ' || v_row.id, 'none is applied');
  end if;
  delete from slipway.migrations m where m.id = p_id;
  insert into slipway.migrations_reverted (
    id, ordinal, release, phase, kind, up_sql, down_sql, up_sha256, down_sha256, applied_at, applied_by, run,
    fingerprint_before, fingerprint_after, reverted_at, reverted_by, reverted_run)
  values (
    v_row.id, v_row.ordinal, v_row.release, v_row.phase, v_row.kind, v_row.up_sql, v_row.down_sql,
    v_row.up_sha256, v_row.down_sha256, v_row.applied_at, v_row.applied_by, v_row.run,
    v_row.fingerprint_before, v_row.fingerprint_after, clock_timestamp(), p_actor, p_run);
  perform slipway.append_audit(p_actor, p_run, 'migration.reverted', p_id, jsonb_build_object(
    'ordinal', v_row.ordinal, 'release', v_row.release, 'kind', v_row.kind,
    'upSha256', v_row.up_sha256, 'downSha256', v_row.down_sha256));
end $$;

-- Notes what the catalog looked like around a migration; null leaves what is there.
create function slipway.set_fingerprints(p_id text, p_before text, p_after text) returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  update slipway.migrations m set
    fingerprint_before = coalesce(p_before, m.fingerprint_before),
    fingerprint_after = coalesce(p_after, m.fingerprint_after)
  where m.id = p_id;
  if not found then
    raise exception using errcode = 'SW003', message = format('migration %s is not applied', p_id);
  end if;
end $$;

-- Compares the catalog with what it was when this head was first settled on. Gives the known fingerprint, or
-- null when this is the first time, and then remembers this one.
create function slipway.settle_fingerprint(
  p_token bigint, p_run bigint, p_actor text, p_head text, p_fingerprint text
) returns text
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  v_known text;
begin
  perform slipway.fence(p_token);
  select m.fingerprint_after into v_known from slipway.migrations m where m.id = p_head;
  if v_known is null then
    perform slipway.set_fingerprints(p_head, null, p_fingerprint);
    perform slipway.append_audit(p_actor, p_run, 'schema.settled', p_head,
      jsonb_build_object('fingerprint', p_fingerprint));
  elsif v_known <> p_fingerprint then
    perform slipway.append_audit(p_actor, p_run, 'schema.drifted', p_head,
      jsonb_build_object('fingerprint', p_fingerprint, 'known', v_known));
  end if;
  return v_known;
end $$;

-- What services ask in /readyz: readable by everybody, and nothing else is.
create view slipway.schema_head as
  select m.id, m.ordinal from slipway.migrations m order by m.ordinal desc limit 1;
grant usage on schema slipway to public;
grant select on slipway.schema_head to public;

revoke all on all functions in schema slipway from public;

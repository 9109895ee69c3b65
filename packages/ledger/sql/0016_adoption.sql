-- Step 16: corrections of what is applied, for a database that somebody else migrated, or repaired by hand. They run no
-- SQL of a migration, and say so in the audit with their reason.

create function slipway.migration_adopted(
  p_token bigint, p_actor text, p_id text, p_release text, p_phase text, p_kind text,
  p_up text, p_down text, p_up_sha text, p_down_sha text, p_reason text
) returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  v_ordinal integer;
begin
  perform slipway.fence(p_token);
  insert into slipway.migrations (
    id, ordinal, release, phase, kind, up_sql, down_sql, up_sha256, down_sha256, applied_at, applied_by, run)
  select p_id, coalesce(max(m.ordinal), 0) + 1, p_release, p_phase, p_kind, p_up, p_down, p_up_sha, p_down_sha,
    clock_timestamp(), p_actor, null
  from slipway.migrations m
  on conflict (id) do nothing
  returning ordinal into v_ordinal;
  if v_ordinal is null then
    raise exception using errcode = 'SW003', message = format('migration %s is applied already', p_id);
  end if;
  perform slipway.append_audit(p_actor, null, 'migration.adopted', p_id, jsonb_build_object(
    'ordinal', v_ordinal, 'release', p_release, 'phase', p_phase, 'kind', p_kind,
    'upSha256', p_up_sha, 'downSha256', p_down_sha, 'reason', p_reason));
end $$;

create function slipway.migration_forgotten(p_token bigint, p_actor text, p_id text, p_reason text) returns void
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
    v_row.fingerprint_before, v_row.fingerprint_after, clock_timestamp(), p_actor, null);
  perform slipway.append_audit(p_actor, null, 'migration.forgotten', p_id, jsonb_build_object(
    'ordinal', v_row.ordinal, 'release', v_row.release, 'kind', v_row.kind,
    'upSha256', v_row.up_sha256, 'downSha256', v_row.down_sha256, 'reason', p_reason));
end $$;

revoke all on all functions in schema slipway from public;

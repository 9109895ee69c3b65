-- Step 9: a migration's row and event for less work: a thousand in one run are no rarity.

-- As in step 6, with the fence and the audit in its own body, and the event's canonical JSON written out: its members
-- are known. What it appends is what append_audit() would.
create or replace function slipway.migration_applied(
  p_token bigint, p_run bigint, p_actor text, p_id text, p_release text, p_phase text, p_kind text,
  p_up text, p_down text, p_up_sha text, p_down_sha text
) returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  v_ordinal integer;
  v_seq bigint;
  v_prev text;
  v_hash text;
  v_at timestamptz;
  v_data text;
begin
  perform from slipway.lease l where l.token = p_token and l.expires_at > clock_timestamp() for key share;
  if not found then perform slipway.fence(p_token); end if;
  insert into slipway.migrations (
    id, ordinal, release, phase, kind, up_sql, down_sql, up_sha256, down_sha256, applied_at, applied_by, run)
  values (
    p_id, coalesce((select m.ordinal from slipway.migrations m order by m.ordinal desc limit 1), 0) + 1, p_release,
    p_phase, p_kind, p_up, p_down, p_up_sha, p_down_sha, clock_timestamp(), p_actor, p_run)
  on conflict (id) do nothing
  returning ordinal into v_ordinal;
  if v_ordinal is null then
    raise exception using errcode = 'SW003', message = format('migration %s is applied already', p_id);
  end if;
  select h.seq + 1, h.hash into strict v_seq, v_prev from slipway.audit_head h for no key update;
  v_at := clock_timestamp();
  v_data := '{"downSha256":' || coalesce(to_json(p_down_sha)::text, 'null') || ',"kind":' || to_json(p_kind)::text
    || ',"ordinal":' || v_ordinal || ',"phase":' || to_json(p_phase)::text
    || ',"release":' || to_json(p_release)::text || ',"upSha256":' || to_json(p_up_sha)::text || '}';
  v_hash := encode(sha256(convert_to(
    '{"actor":' || to_json(p_actor)::text
    || ',"at":"' || slipway.iso(v_at)
    || '","data":' || v_data
    || ',"kind":"migration.applied","prev":"' || v_prev
    || '","run":' || coalesce(p_run::text, 'null')
    || ',"seq":' || v_seq
    || ',"subject":' || to_json(p_id)::text
    || '}', 'UTF8')), 'hex');
  insert into slipway.audit
  values (v_seq, v_at, p_actor, p_run, 'migration.applied', p_id, v_data::jsonb, v_prev, v_hash);
  update slipway.audit_head set seq = v_seq, hash = v_hash;
end $$;

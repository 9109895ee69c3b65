-- Step 7: what runs, and who gets the traffic.

create table slipway.instances (
  id text primary key,
  service text not null,
  version text not null,
  release text not null,
  settings text not null,
  artifact text not null,
  build text not null,
  address text,
  state text not null check (state in ('starting', 'ready', 'stopping', 'stopped')),
  started_at timestamptz not null,
  changed_at timestamptz not null
);

create table slipway.traffic (
  service text not null,
  instance text not null references slipway.instances (id),
  weight integer not null check (weight between 0 and 100),
  primary key (service, instance)
);

create function slipway.upsert_instance(
  p_token bigint, p_run bigint, p_actor text, p_id text, p_service text, p_version text, p_release text,
  p_settings text, p_artifact text, p_build text, p_address text, p_state text
) returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  v_before slipway.instances;
  v_now timestamptz := clock_timestamp();
begin
  perform slipway.fence(p_token);
  select * into v_before from slipway.instances i where i.id = p_id;
  if (v_before.service, v_before.version, v_before.release, v_before.settings, v_before.artifact, v_before.build,
      v_before.address, v_before.state)
    is not distinct from (p_service, p_version, p_release, p_settings, p_artifact, p_build, p_address, p_state) then
    return;
  end if;
  insert into slipway.instances as i
  values (p_id, p_service, p_version, p_release, p_settings, p_artifact, p_build, p_address, p_state, v_now, v_now)
  on conflict (id) do update set
    service = excluded.service, version = excluded.version, release = excluded.release,
    settings = excluded.settings, artifact = excluded.artifact, build = excluded.build,
    address = excluded.address, state = excluded.state, changed_at = v_now,
    started_at = case when excluded.state = 'starting' and i.state <> 'starting' then v_now else i.started_at end;
  perform slipway.append_audit(p_actor, p_run,
    'instance.' || case p_state when 'starting' then 'started' else p_state end, p_id, jsonb_build_object(
      'service', p_service, 'version', p_version, 'release', p_release, 'artifact', p_artifact, 'build', p_build,
      'address', p_address));
end $$;

-- Writes down that an instance is gone. One that the ledger never knew is written down too.
create function slipway.stop_instance(p_token bigint, p_run bigint, p_actor text, p_id text) returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  v_before slipway.instances;
begin
  perform slipway.fence(p_token);
  select * into v_before from slipway.instances i where i.id = p_id;
  if v_before.state = 'stopped' then return; end if;
  update slipway.instances i set state = 'stopped', changed_at = clock_timestamp() where i.id = p_id;
  perform slipway.append_audit(p_actor, p_run, 'instance.stopped', p_id, jsonb_build_object(
    'service', v_before.service, 'version', v_before.version, 'release', v_before.release));
end $$;

create function slipway.traffic_json() returns jsonb
language sql stable
begin atomic
  select coalesce(pg_catalog.jsonb_agg(
    pg_catalog.jsonb_build_object('service', t.service, 'instance', t.instance, 'weight', t.weight)
    order by t.service collate "C", t.instance collate "C"), '[]')
  from slipway.traffic t;
end;

-- Replaces the whole of the traffic by what the router does now.
create function slipway.set_traffic(p_token bigint, p_run bigint, p_actor text, p_rows jsonb) returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  v_before jsonb;
  v_after jsonb;
begin
  perform slipway.fence(p_token);
  v_before := slipway.traffic_json();
  delete from slipway.traffic;
  insert into slipway.traffic (service, instance, weight)
  select r.service, r.instance, r.weight
  from jsonb_to_recordset(p_rows) as r (service text, instance text, weight integer);
  v_after := slipway.traffic_json();
  if v_after = v_before then return; end if;
  perform slipway.append_audit(p_actor, p_run, 'traffic.shifted', null,
    jsonb_build_object('from', v_before, 'to', v_after));
end $$;

revoke all on all functions in schema slipway from public;

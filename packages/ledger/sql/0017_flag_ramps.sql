-- Step 17: ramps. What a ramp is stands beside its flag, so that whoever drives it next needs nothing else; and one
-- driver at a time, known by a token that every move presents.

create table slipway.flag_ramps (
  key text primary key references slipway.flags (key),
  -- [{"percent": 10, "soakMs": 600000}], ascending to 100
  steps jsonb not null,
  from_enabled boolean not null,
  from_rollout integer not null,
  -- Index of the step that is set; -1 before the first.
  step integer not null default -1,
  stepped_at timestamptz not null,
  status text not null check (status in ('running', 'held', 'done', 'rolled-back', 'stopped')),
  why text,
  -- The program that gives the number, and the largest good one; null where time alone decides.
  metric text,
  metric_max text,
  -- The flag's version as the ramp last wrote it.
  flag_version bigint not null,
  started_by text not null,
  reason text,
  -- Grows with every driver and never comes back.
  token bigint not null default 0,
  -- {"owner", "pid", "host", "processStart"}; null while nobody drives.
  driver jsonb,
  expires_at timestamptz,
  constraint flag_ramps_driver check ((driver is null) = (expires_at is null)),
  constraint flag_ramps_metric check ((metric is null) = (metric_max is null))
);
create trigger flag_ramps_stay before delete or truncate on slipway.flag_ramps
  for each statement execute function slipway.refuse_change();

create function slipway.epoch_ms(p_time timestamptz) returns bigint
language sql immutable
begin atomic
  select pg_catalog.round(1000 * extract(epoch from p_time))::bigint;
end;

-- A ramp with the flag as it is now; null where there is none. Times are milliseconds since 1970.
create function slipway.flag_ramp(p_key text) returns json
language sql volatile
begin atomic
  select pg_catalog.json_build_object(
    'key', r.key, 'steps', r.steps, 'from', r.from_rollout, 'step', r.step, 'steppedAt', slipway.epoch_ms(r.stepped_at),
    'status', r.status, 'why', r.why, 'metric', r.metric, 'max', r.metric_max, 'flagVersion', r.flag_version,
    'startedBy', r.started_by, 'reason', r.reason, 'token', r.token, 'driver', r.driver,
    'driven', coalesce(r.expires_at > pg_catalog.clock_timestamp(), false),
    'now', slipway.epoch_ms(pg_catalog.clock_timestamp()),
    'flag', pg_catalog.json_build_object(
      'killed', f.killed_at is not null, 'archived', f.archived_at is not null, 'enabled', f.enabled,
      'rollout', f.rollout, 'version', f.version))
  from slipway.flag_ramps r join slipway.flags f on f.key = r.key where r.key = p_key;
end;

-- Raises SW010 when somebody drives the ramp whose token is not that of a driver known to be dead.
create function slipway.refuse_driven_ramp(p_ramp slipway.flag_ramps, p_dead_token bigint) returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  if p_ramp.expires_at > clock_timestamp() and p_ramp.token is distinct from p_dead_token then
    raise exception using errcode = 'SW010', message = format('the ramp of flag %s is driven', p_ramp.key),
      detail = format('%s drives it, until %s unless it goes on', p_ramp.driver ->> 'owner', slipway.iso(p_ramp.expires_at));
  end if;
end $$;

-- Begins a ramp and makes the caller its driver. An older one of the flag that nobody drives ends with it.
create function slipway.start_flag_ramp(
  p_actor text, p_reason text, p_key text, p_steps jsonb, p_metric text, p_max text, p_expected_version bigint,
  p_driver jsonb, p_ttl_ms integer, p_dead_token bigint
) returns json
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  v_flag slipway.flags;
  v_ramp slipway.flag_ramps;
begin
  perform slipway.require_flag_right('releaser', format('ramping flag %s', p_key));
  v_flag := slipway.take_flag(p_key);
  select * into v_ramp from slipway.flag_ramps r where r.key = p_key for no key update;
  perform slipway.refuse_driven_ramp(v_ramp, p_dead_token);
  if v_flag.killed_at is not null then
    perform slipway.refuse_flag('SW006', format('flag %s is killed', p_key), format('by %s at %s', v_flag.killed_by, slipway.iso(v_flag.killed_at)));
  elsif v_flag.archived_at is not null then
    perform slipway.refuse_flag('SW008', format('flag %s is archived', p_key), format('since %s', slipway.iso(v_flag.archived_at)));
  elsif v_flag.version is distinct from p_expected_version then
    perform slipway.refuse_flag('SW005', format('flag %s was changed in the meantime', p_key),
      format('it is at version %s, and the caller saw %s', v_flag.version, coalesce(p_expected_version::text, 'none')));
  end if;
  insert into slipway.flag_ramps as r (
    key, steps, from_enabled, from_rollout, step, stepped_at, status, metric, metric_max, flag_version, started_by, reason,
    token, driver, expires_at)
  values (p_key, p_steps, v_flag.enabled, case when v_flag.enabled then v_flag.rollout else 0 end, -1, clock_timestamp(),
    'running', p_metric, p_max, v_flag.version, p_actor, p_reason, 1, p_driver,
    clock_timestamp() + p_ttl_ms * interval '1 millisecond')
  on conflict (key) do update set
    steps = excluded.steps, from_enabled = excluded.from_enabled, from_rollout = excluded.from_rollout, step = -1,
    stepped_at = excluded.stepped_at, status = 'running', why = null, metric = excluded.metric,
    metric_max = excluded.metric_max, flag_version = excluded.flag_version, started_by = excluded.started_by,
    reason = excluded.reason, token = r.token + 1, driver = excluded.driver, expires_at = excluded.expires_at;
  perform slipway.append_audit(p_actor, null, 'flag.ramp-started', p_key, jsonb_build_object(
    'reason', p_reason, 'steps', p_steps, 'metric', p_metric, 'max', p_max,
    'from', case when v_flag.enabled then v_flag.rollout else 0 end));
  return slipway.flag_ramp(p_key);
end $$;

-- Makes the caller the driver of a ramp that is under way; null where none is.
create function slipway.take_flag_ramp(p_actor text, p_key text, p_driver jsonb, p_ttl_ms integer, p_dead_token bigint)
returns json
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  v_ramp slipway.flag_ramps;
begin
  perform slipway.require_flag_right('releaser', format('ramping flag %s', p_key));
  perform slipway.take_flag(p_key);
  select * into v_ramp from slipway.flag_ramps r where r.key = p_key for no key update;
  if v_ramp.key is null or v_ramp.status not in ('running', 'held') then return null; end if;
  perform slipway.refuse_driven_ramp(v_ramp, p_dead_token);
  update slipway.flag_ramps r set token = r.token + 1, driver = p_driver,
    expires_at = clock_timestamp() + p_ttl_ms * interval '1 millisecond' where r.key = p_key;
  perform slipway.append_audit(p_actor, null, 'flag.ramp-resumed', p_key, jsonb_build_object(
    'reason', null, 'step', v_ramp.step, 'status', v_ramp.status));
  return slipway.flag_ramp(p_key);
end $$;

-- Raises SW001 unless the token is the live driver's. Holds off another driver until the transaction ends.
create function slipway.fence_flag_ramp(p_key text, p_token bigint) returns slipway.flag_ramps
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  v_ramp slipway.flag_ramps;
begin
  select * into v_ramp from slipway.flag_ramps r where r.key = p_key for no key update;
  if v_ramp.token = p_token and v_ramp.expires_at > clock_timestamp() then return v_ramp; end if;
  raise exception using errcode = 'SW001', message = format('the ramp of flag %s has another driver', p_key), detail = case
    when v_ramp.token is distinct from p_token then format('%s took it over', coalesce(v_ramp.driver ->> 'owner', 'somebody'))
    when v_ramp.driver is null then 'it was given back'
    else format('its driver was silent until %s', slipway.iso(v_ramp.expires_at)) end;
end $$;

-- The driver lives. Gives the ramp and the flag as they are now.
create function slipway.drive_flag_ramp(p_key text, p_token bigint, p_ttl_ms integer) returns json
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  perform slipway.fence_flag_ramp(p_key, p_token);
  update slipway.flag_ramps r set expires_at = clock_timestamp() + p_ttl_ms * interval '1 millisecond' where r.key = p_key;
  return slipway.flag_ramp(p_key);
end $$;

-- The driver ends. A ramp that is no longer the caller's is left alone.
create function slipway.leave_flag_ramp(p_key text, p_token bigint) returns void
language sql volatile
begin atomic
  update slipway.flag_ramps r set driver = null, expires_at = null where r.key = p_key and r.token = p_token;
end;

-- Makes a move: step, hold, roll-back, finish or stop, flag and ramp in one transaction. A kill, and whatever else
-- somebody changed, comes first: then the ramp stops, whatever was decided before that was seen.
create function slipway.move_flag_ramp(p_actor text, p_key text, p_token bigint, p_move text, p_step integer, p_why text)
returns json
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  v_flag slipway.flags := slipway.take_flag(p_key);
  v_ramp slipway.flag_ramps := slipway.fence_flag_ramp(p_key, p_token);
  v_move text := p_move;
  v_why text := p_why;
  v_percent integer;
  v_version bigint;
begin
  if v_ramp.status not in ('running', 'held') then return slipway.flag_ramp(p_key); end if;
  if v_flag.killed_at is not null or v_flag.archived_at is not null or v_flag.version <> v_ramp.flag_version then
    v_move := 'stop';
    v_why := case when v_flag.killed_at is not null then 'the flag was killed' when v_flag.archived_at is not null
      then 'the flag was archived' else format('somebody else changed the flag (version %s)', v_flag.version) end;
  end if;
  perform slipway.audit_missing_kills();
  if v_move = 'step' then
    v_percent := (v_ramp.steps -> p_step ->> 'percent')::integer;
    if p_step <> v_ramp.step + 1 or v_percent is null then
      raise exception using errcode = '22023', message = format('step %s does not follow step %s', p_step, v_ramp.step);
    end if;
    perform slipway.flags_by(p_actor, v_why, 'ramp', null, jsonb_build_object('ramp',
      jsonb_build_object('step', p_step + 1, 'of', jsonb_array_length(v_ramp.steps))));
    update slipway.flags f set enabled = true, rollout = v_percent where f.key = p_key returning f.version into v_version;
    perform set_config('slipway.flags_by', '', true);
    update slipway.flag_ramps r set step = p_step, stepped_at = clock_timestamp(), status = 'running', why = v_why,
      flag_version = v_version where r.key = p_key;
    return slipway.flag_ramp(p_key);
  end if;
  if v_move = 'roll-back' then
    perform slipway.flags_by(p_actor, v_why, 'ramp', null);
    update slipway.flags f set enabled = v_ramp.from_enabled, rollout = v_ramp.from_rollout where f.key = p_key;
    perform set_config('slipway.flags_by', '', true);
  end if;
  update slipway.flag_ramps r set why = v_why, status = case v_move
    when 'roll-back' then 'rolled-back' when 'hold' then 'held' when 'finish' then 'done' when 'stop' then 'stopped' end
  where r.key = p_key returning r.* into v_ramp;
  perform slipway.append_audit(p_actor, null, 'flag.ramp-' || v_ramp.status, p_key,
    jsonb_build_object('reason', v_why, 'step', v_ramp.step));
  return slipway.flag_ramp(p_key);
end $$;

revoke all on slipway.flag_ramps from public;
revoke all on all functions in schema slipway from public;

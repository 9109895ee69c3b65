-- Step 5: the runs that bring a release, and how each of them ended.

create table slipway.runs (
  id bigint generated always as identity primary key,
  attempt integer not null,
  release text not null,
  digest text not null,
  from_release text,
  direction text not null check (direction in ('forward', 'back', 'same')),
  actor text not null,
  reason text,
  opened_at timestamptz not null default pg_catalog.clock_timestamp(),
  stage text not null default 'opened'
    check (stage in ('opened', 'schema', 'services', 'smoke', 'traffic', 'settled')),
  outcome text check (outcome in ('verified', 'failed', 'rolled-back')),
  ended_at timestamptz,
  error text,
  lease_token bigint not null,
  -- When a later run found this one without an end.
  killed_at timestamptz,
  constraint runs_end check ((outcome is null) = (ended_at is null) and (outcome is null or killed_at is null))
);
create trigger runs_stay before delete or truncate on slipway.runs
  for each statement execute function slipway.refuse_change();

-- Opens a run and writes what it wants. Runs that were left without an end are written down as killed first.
create function slipway.open_run(
  p_token bigint, p_actor text, p_attempt integer, p_release text, p_digest text, p_from_release text,
  p_direction text, p_reason text
) returns bigint
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  v_lost slipway.runs;
  v_run bigint;
begin
  perform slipway.fence(p_token);
  for v_lost in
    update slipway.runs set killed_at = clock_timestamp() where outcome is null and killed_at is null returning *
  loop
    perform slipway.append_audit(p_actor, v_lost.id, 'run.killed', v_lost.release, jsonb_build_object(
      'attempt', v_lost.attempt, 'stage', v_lost.stage, 'actor', v_lost.actor,
      'openedAt', slipway.iso(v_lost.opened_at), 'leaseToken', v_lost.lease_token));
  end loop;
  insert into slipway.runs (attempt, release, digest, from_release, direction, actor, reason, lease_token)
  values (p_attempt, p_release, p_digest, p_from_release, p_direction, p_actor, p_reason, p_token)
  returning id into v_run;
  perform slipway.append_audit(p_actor, v_run, 'run.opened', p_release, jsonb_build_object(
    'attempt', p_attempt, 'digest', p_digest, 'from', p_from_release, 'direction', p_direction,
    'reason', p_reason, 'leaseToken', p_token));
  perform slipway.set_wanted(p_token, v_run, p_actor, p_release, p_digest, p_attempt);
  return v_run;
end $$;

-- The row of a run that is open under the lease; raises SW004 when it is not.
create function slipway.require_open_run(p_token bigint, p_run bigint) returns slipway.runs
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  v_run slipway.runs;
begin
  perform slipway.fence(p_token);
  select * into v_run from slipway.runs where id = p_run for no key update;
  if v_run.lease_token = p_token and v_run.outcome is null and v_run.killed_at is null then return v_run; end if;
  raise exception using errcode = 'SW004', message = format('run %s is not open', p_run), detail = case
    when v_run.id is null then 'there is no such run'
    when v_run.outcome is not null then format('it ended as %s at %s', v_run.outcome, slipway.iso(v_run.ended_at))
    else 'it was opened under another lease, which is gone'
  end;
end $$;

-- Stages only go forward: asking for one that is passed changes nothing.
create function slipway.advance_run(p_token bigint, p_run bigint, p_stage text) returns text
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  v_run slipway.runs := slipway.require_open_run(p_token, p_run);
  v_stages constant text[] := array['opened', 'schema', 'services', 'smoke', 'traffic', 'settled'];
begin
  if array_position(v_stages, p_stage) <= array_position(v_stages, v_run.stage) then return v_run.stage; end if;
  update slipway.runs set stage = p_stage where id = p_run;
  perform slipway.append_audit(v_run.actor, p_run, 'run.stage', v_run.release,
    jsonb_build_object('stage', p_stage, 'from', v_run.stage));
  return p_stage;
end $$;

create function slipway.finish_run(p_token bigint, p_run bigint, p_outcome text, p_error text) returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  v_run slipway.runs := slipway.require_open_run(p_token, p_run);
begin
  update slipway.runs set outcome = p_outcome, ended_at = clock_timestamp(), error = p_error where id = p_run;
  perform slipway.append_audit(v_run.actor, p_run, 'run.' || p_outcome, v_run.release,
    jsonb_build_object('attempt', v_run.attempt, 'digest', v_run.digest, 'stage', v_run.stage, 'error', p_error));
end $$;

create function slipway.run_json(p_run slipway.runs, p_outcome text) returns json
language sql stable
begin atomic
  select pg_catalog.json_build_object(
    'id', p_run.id, 'attempt', p_run.attempt, 'release', p_run.release, 'digest', p_run.digest,
    'fromRelease', p_run.from_release, 'direction', p_run.direction, 'actor', p_run.actor, 'reason', p_run.reason,
    'openedAt', slipway.iso(p_run.opened_at), 'stage', p_run.stage, 'outcome', p_outcome,
    'endedAt', slipway.iso(p_run.ended_at), 'error', p_run.error, 'leaseToken', p_run.lease_token);
end;

-- Runs, newest first. One without an end whose lease is gone was killed, whether or not anybody noticed yet.
create function slipway.history(p_limit integer) returns setof json
language sql volatile
begin atomic
  select slipway.run_json(r, case
    when r.outcome is not null then r.outcome
    when r.killed_at is not null or l.token <> r.lease_token or not slipway.lease_live(l) then 'killed'
  end)
  from slipway.runs r cross join slipway.lease l order by r.id desc limit p_limit;
end;

revoke all on all functions in schema slipway from public;

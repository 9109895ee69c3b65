-- Step 12: how flags change. Turning on or up is compared with the version that the caller saw, and needs the right
-- to; turning off needs neither; a kill needs nothing but to be heard.

-- What the caller may do: releaser, killer, reader or none. The role is the one that the session took on, also
-- inside functions that run as their owner. Signed-in users of an API are judged by app_metadata, which they cannot
-- write; user_metadata, which they can, is never looked at.
create function slipway.flag_right() returns text
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare
  v_role constant name := case when current_setting('role') = 'none' then session_user else current_setting('role')::name end;
  v_right text;
begin
  if pg_has_role(v_role, (select n.nspowner from pg_namespace n where n.nspname = 'slipway'), 'USAGE') then return 'releaser'; end if;
  foreach v_right in array array['releaser', 'killer', 'reader'] loop
    if to_regrole('slipway_flag_' || v_right) is not null and pg_has_role(v_role, 'slipway_flag_' || v_right, 'USAGE') then
      return v_right;
    end if;
  end loop;
  if v_role = 'service_role' then return 'killer'; end if;
  if v_role = 'authenticated' then
    v_right := nullif(current_setting('request.jwt.claims', true), '')::jsonb -> 'app_metadata' ->> 'slipway_flags';
    if v_right in ('releaser', 'killer', 'reader') then return v_right; end if;
  end if;
  return 'none';
end $$;

create function slipway.require_flag_right(p_right text, p_what text) returns void
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare
  v_right constant text := slipway.flag_right();
begin
  if array_position(array['none', 'reader', 'killer', 'releaser'], v_right)
    < array_position(array['none', 'reader', 'killer', 'releaser'], p_right) then
    perform slipway.refuse_flag('SW009', p_what || ' is not permitted', format('it takes the right "%s", and the caller has "%s"', p_right, v_right));
  end if;
end $$;

-- A signed-in user is named by the token, whatever was said; everybody else by what was said.
create function slipway.flag_actor(p_actor text) returns text
language sql stable
begin atomic
  select coalesce(
    'user:' || (nullif(pg_catalog.current_setting('request.jwt.claims', true), '')::jsonb ->> 'sub'),
    nullif(p_actor, ''),
    'role:' || case when pg_catalog.current_setting('role') = 'none' then session_user::text else pg_catalog.current_setting('role') end);
end;

-- A flag as people and programs see it.
create function slipway.flag_json(p_flag slipway.flags) returns json
language sql volatile
begin atomic
  select pg_catalog.json_build_object(
    'key', p_flag.key, 'declaration', p_flag.declaration, 'state', p_flag.wire::json -> 'state',
    'kill', case when p_flag.killed_at is not null then pg_catalog.json_build_object(
      'at', slipway.iso(p_flag.killed_at), 'by', p_flag.killed_by, 'reason', p_flag.kill_reason) end,
    'exposedAt', slipway.iso(p_flag.exposed_at), 'archivedAt', slipway.iso(p_flag.archived_at),
    'changedAt', slipway.iso(p_flag.changed_at), 'revision', p_flag.revision);
end;

-- The answer of every change.
create function slipway.flag_answer(p_key text, p_changed boolean) returns json
language sql volatile
begin atomic
  select pg_catalog.json_build_object(
    'changed', p_changed, 'epoch', slipway.flag_epoch(), 'revision', r.revision, 'flag', slipway.flag_json(f))
  from slipway.flags f, slipway.flag_revision r where f.key = p_key;
end;

-- Takes the writers' lock and the flag's row; raises SW008 when there is no such flag.
create function slipway.take_flag(p_key text) returns slipway.flags
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  v_flag slipway.flags;
begin
  perform slipway.take_flag_turn();
  select * into v_flag from slipway.flags f where f.key = p_key for no key update;
  if v_flag.key is null then
    perform slipway.refuse_flag('SW008', format('there is no flag %s', p_key));
  end if;
  return v_flag;
end $$;

-- Kills without an event: their audit failed, and they stood all the same. Gives how many were written down now.
create function slipway.audit_missing_kills() returns integer
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  v_flag slipway.flags;
  v_count integer := 0;
begin
  perform slipway.take_flag_turn();
  for v_flag in
    select f.* from slipway.flags f where f.killed_at is not null and not exists (
      select from slipway.audit a where a.subject = f.key and a.kind like 'flag.%' and a.kind = 'flag.killed'
        and a.data ->> 'killedAt' = slipway.iso(f.killed_at))
  loop
    perform slipway.append_audit(v_flag.killed_by, null, 'flag.killed', v_flag.key, jsonb_build_object(
      'version', v_flag.version, 'revision', v_flag.revision, 'reason', v_flag.kill_reason, 'source', 'late',
      'killedAt', slipway.iso(v_flag.killed_at), 'late', true,
      'before', jsonb_build_object('killed', false), 'after', jsonb_build_object('killed', true)));
    v_count := v_count + 1;
  end loop;
  return v_count;
end $$;

-- Notes in the audit that the database stands at another place than when it was last written to.
create function slipway.note_flag_origin(p_actor text) returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  v_before text;
begin
  perform slipway.take_flag_turn();
  select r.origin into v_before from slipway.flag_revision r;
  if v_before = slipway.flag_origin() then return; end if;
  update slipway.flag_revision set origin = slipway.flag_origin();
  perform slipway.append_audit(p_actor, null, 'flags.restored', null,
    jsonb_build_object('from', v_before, 'to', slipway.flag_origin(), 'epoch', slipway.flag_epoch()));
end $$;

-- Declares a flag, or brings back one that was archived: as it was, a killed one killed.
create function slipway.declare_flag(
  p_token bigint, p_run bigint, p_actor text, p_reason text, p_key text, p_declaration jsonb
) returns json
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  v_flag slipway.flags;
  v_initial constant jsonb := coalesce(p_declaration -> 'initial', '{}');
  v_problem constant text := slipway.declaration_problem(p_declaration);
begin
  if p_token is not null then perform slipway.fence(p_token); end if;
  if v_problem is not null then
    perform slipway.refuse_flag('SW007', format('flag %s is not valid', p_key), v_problem);
  end if;
  perform slipway.take_flag_turn();
  perform slipway.note_flag_origin(p_actor);
  perform slipway.audit_missing_kills();
  perform slipway.flags_by(p_actor, p_reason, 'stack', p_run);
  select * into v_flag from slipway.flags f where f.key = p_key for no key update;
  if v_flag.key is null then
    if p_key !~ '^[A-Za-z0-9_][A-Za-z0-9_.~:-]{0,99}$' then
      perform slipway.refuse_flag('SW007', format('flag "%s" is not valid', left(p_key, 120)), 'a key is 1 to 100 letters, digits, _ . ~ : and -');
    end if;
    insert into slipway.flags (key, declaration, group_id, enabled, rollout, targeting)
    values (p_key, p_declaration, coalesce(p_declaration ->> 'groupId', p_key),
      coalesce((v_initial ->> 'enabled')::boolean, false), coalesce((v_initial ->> 'rollout')::numeric::integer, 0),
      v_initial - 'enabled' - 'rollout');
  elsif v_flag.archived_at is null and v_flag.declaration = p_declaration then
    perform set_config('slipway.flags_by', '', true);
    return slipway.flag_answer(p_key, false);
  else
    update slipway.flags f set
      declaration = p_declaration, group_id = coalesce(p_declaration ->> 'groupId', p_key), archived_at = null
    where f.key = p_key;
  end if;
  perform set_config('slipway.flags_by', '', true);
  return slipway.flag_answer(p_key, true);
end $$;

-- Archives a flag that left the product: off, and kept. Doing it again, or to an unknown one, changes nothing.
create function slipway.archive_flag(p_token bigint, p_run bigint, p_actor text, p_reason text, p_key text) returns json
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  if p_token is not null then perform slipway.fence(p_token); end if;
  perform slipway.take_flag_turn();
  perform slipway.audit_missing_kills();
  perform slipway.flags_by(p_actor, p_reason, 'stack', p_run);
  update slipway.flags f set archived_at = clock_timestamp() where f.key = p_key and f.archived_at is null;
  perform set_config('slipway.flags_by', '', true);
  return slipway.flag_answer(p_key, found);
end $$;

-- Spends a gate's token on a flag. Gives what the audit shows of it.
create function slipway.use_flag_gate(p_token text, p_key text, p_rollout integer) returns jsonb
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  v_gate slipway.flag_gates;
begin
  select * into v_gate from slipway.flag_gates g
  where g.token_sha256 = encode(sha256(convert_to(p_token, 'UTF8')), 'hex') for no key update;
  if v_gate.key is distinct from p_key or v_gate.used_at is not null or v_gate.expires_at <= clock_timestamp()
    or v_gate.max_rollout < p_rollout then
    perform slipway.refuse_flag('SW009', format('raising flag %s is not permitted', p_key), case
      when v_gate.key is null then 'the gate''s token is not known'
      when v_gate.key <> p_key then 'the gate''s token is for another flag'
      when v_gate.used_at is not null then format('the gate''s token was used at %s', slipway.iso(v_gate.used_at))
      when v_gate.expires_at <= clock_timestamp() then format('the gate''s token expired at %s', slipway.iso(v_gate.expires_at))
      else format('the gate''s token goes up to %s %%', v_gate.max_rollout) end);
  end if;
  update slipway.flag_gates g set used_at = clock_timestamp() where g.token_sha256 = v_gate.token_sha256;
  return jsonb_build_object('gate', jsonb_build_object('issuedBy', v_gate.issued_by, 'run', v_gate.run, 'upTo', v_gate.max_rollout));
end $$;

-- Gives out a permission to raise a flag, once. The token is told here and never again.
create function slipway.issue_flag_gate(
  p_run bigint, p_actor text, p_reason text, p_key text, p_max_rollout integer, p_ttl_ms integer
) returns text
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  v_token constant text := encode(sha256(convert_to(gen_random_uuid()::text || gen_random_uuid()::text, 'UTF8')), 'hex');
begin
  perform slipway.require_flag_right('releaser', 'giving out a gate''s token');
  perform slipway.take_flag(p_key);
  delete from slipway.flag_gates g where g.expires_at < clock_timestamp() - interval '1 day';
  insert into slipway.flag_gates (token_sha256, key, max_rollout, issued_by, run, issued_at, expires_at)
  values (encode(sha256(convert_to(v_token, 'UTF8')), 'hex'), p_key, p_max_rollout, p_actor, p_run, clock_timestamp(),
    clock_timestamp() + p_ttl_ms * interval '1 millisecond');
  perform slipway.append_audit(p_actor, p_run, 'flag.gate-issued', p_key,
    jsonb_build_object('upTo', p_max_rollout, 'ttlMs', p_ttl_ms, 'reason', p_reason));
  return v_token;
end $$;

-- Changes the state of a flag: any of enabled, rollout, rules, variants, dependencies, activeFrom, activeUntil.
create function slipway.set_flag(
  p_run bigint, p_actor text, p_reason text, p_source text, p_key text, p_change jsonb, p_expected_version bigint, p_gate text
) returns json
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  v_flag slipway.flags;
  v_next slipway.flags;
  v_problem text;
  v_extra jsonb := '{}';
begin
  perform slipway.require_flag_right('killer', format('changing flag %s', p_key));
  v_flag := slipway.take_flag(p_key);
  perform slipway.note_flag_origin(p_actor);
  perform slipway.audit_missing_kills();
  if v_flag.killed_at is not null then
    perform slipway.refuse_flag('SW006', format('flag %s is killed', p_key), format(
      'by %s at %s%s', v_flag.killed_by, slipway.iso(v_flag.killed_at), coalesce(' (' || v_flag.kill_reason || ')', '')));
  end if;
  if v_flag.archived_at is not null then
    perform slipway.refuse_flag('SW008', format('flag %s is archived', p_key), format('since %s: pin a release that declares it', slipway.iso(v_flag.archived_at)));
  end if;
  if p_expected_version is distinct from v_flag.version then
    perform slipway.refuse_flag('SW005', format('flag %s was changed in the meantime', p_key), format(
      'it is at version %s since %s, and the caller saw %s', v_flag.version, slipway.iso(v_flag.changed_at),
      coalesce(p_expected_version::text, 'none')));
  end if;
  v_problem := coalesce(
    case when jsonb_typeof(p_change) is distinct from 'object' then 'the change must be an object' end,
    slipway.shape_problem(p_change, array[
      ['$.enabled', 'boolean', '', 'enabled must be true or false'],
      ['$.rollout', 'number', '@ < 0 || @ > 100 || @.floor() != @', 'rollout must be an integer from 0 to 100']]),
    slipway.targeting_problem(p_change - 'enabled' - 'rollout'));
  if v_problem is not null then
    perform slipway.refuse_flag('SW007', format('the change of flag %s is not valid', p_key), v_problem);
  end if;
  v_next := v_flag;
  v_next.enabled := coalesce((p_change ->> 'enabled')::boolean, v_flag.enabled);
  v_next.rollout := coalesce((p_change ->> 'rollout')::numeric::integer, v_flag.rollout);
  v_next.targeting := v_flag.targeting || (p_change - 'enabled' - 'rollout');
  if (v_next.enabled, v_next.rollout, v_next.targeting) is not distinct from (v_flag.enabled, v_flag.rollout, v_flag.targeting) then
    return slipway.flag_answer(p_key, false);
  end if;
  if (v_next.enabled and not v_flag.enabled) or v_next.rollout > v_flag.rollout or v_next.targeting <> v_flag.targeting then
    if p_gate is null then
      perform slipway.require_flag_right('releaser', format('raising flag %s', p_key));
    elsif v_next.targeting <> v_flag.targeting then
      perform slipway.refuse_flag('SW009', format('retargeting flag %s is not permitted', p_key), 'a gate''s token raises the rollout and nothing else');
    else
      v_extra := slipway.use_flag_gate(p_gate, p_key, v_next.rollout);
    end if;
  end if;
  perform slipway.flags_by(p_actor, p_reason, p_source, p_run, v_extra);
  update slipway.flags f set enabled = v_next.enabled, rollout = v_next.rollout, targeting = v_next.targeting where f.key = p_key;
  perform set_config('slipway.flags_by', '', true);
  return slipway.flag_answer(p_key, true);
end $$;

-- Off, now, whatever version, ramp or schedule: and off it stays until it is revived. It only ever switches off, keeps
-- the rollout for the day of the revival, and can be sent any number of times.
create function slipway.kill_flag(p_run bigint, p_actor text, p_reason text, p_source text, p_key text) returns json
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  v_killed boolean;
begin
  perform slipway.require_flag_right('killer', format('killing flag %s', p_key));
  -- A writer that went silent is ended after five seconds, so one that is waited for longer is at work.
  perform set_config('lock_timeout', '15s', true);
  v_killed := (slipway.take_flag(p_key)).killed_at is not null;
  if v_killed then return slipway.flag_answer(p_key, false); end if;
  perform slipway.flags_by(p_actor, p_reason, p_source, p_run);
  update slipway.flags f set killed_at = clock_timestamp(), killed_by = p_actor, kill_reason = p_reason where f.key = p_key;
  perform set_config('slipway.flags_by', '', true);
  return slipway.flag_answer(p_key, true);
end $$;

-- Kills every flag that a release brought. Gives the keys of those that were not killed yet, and where that stands.
create function slipway.kill_flags_of_release(p_run bigint, p_actor text, p_reason text, p_source text, p_release text) returns json
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  v_keys text[];
begin
  perform slipway.require_flag_right('killer', format('killing the flags of release %s', p_release));
  perform set_config('lock_timeout', '15s', true);
  perform slipway.take_flag_turn();
  perform slipway.flags_by(p_actor, p_reason, p_source, p_run);
  with killed as (
    update slipway.flags f set killed_at = clock_timestamp(), killed_by = p_actor, kill_reason = p_reason
    where f.declaration ->> 'release' = p_release and f.killed_at is null and f.archived_at is null returning f.key
  )
  select coalesce(array_agg(k.key order by k.key collate "C"), '{}') into v_keys from killed k;
  perform set_config('slipway.flags_by', '', true);
  return (select json_build_object('keys', v_keys, 'epoch', slipway.flag_epoch(), 'revision', r.revision) from slipway.flag_revision r);
end $$;

-- The only way back from a kill: with the rollout that it had, or with less.
create function slipway.revive_flag(
  p_run bigint, p_actor text, p_reason text, p_source text, p_key text, p_expected_version bigint, p_rollout integer, p_gate text
) returns json
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  v_flag slipway.flags;
  v_rollout integer;
  v_extra jsonb := '{}';
begin
  perform slipway.require_flag_right('killer', format('reviving flag %s', p_key));
  v_flag := slipway.take_flag(p_key);
  v_rollout := coalesce(p_rollout, v_flag.rollout);
  if v_flag.killed_at is null then return slipway.flag_answer(p_key, false); end if;
  if p_expected_version is distinct from v_flag.version then
    perform slipway.refuse_flag('SW005', format('flag %s was changed in the meantime', p_key), format('it is at version %s, and the caller saw %s', v_flag.version, coalesce(p_expected_version::text, 'none')));
  end if;
  if v_rollout < 0 or v_rollout > v_flag.rollout then
    perform slipway.refuse_flag('SW007', format('the revival of flag %s is not valid', p_key), format('its rollout was %s %%: revive with that or less, then raise', v_flag.rollout));
  end if;
  if p_gate is null then
    perform slipway.require_flag_right('releaser', format('reviving flag %s', p_key));
  else
    v_extra := slipway.use_flag_gate(p_gate, p_key, v_rollout);
  end if;
  perform slipway.note_flag_origin(p_actor);
  -- First the kill, then its end.
  perform slipway.audit_missing_kills();
  perform slipway.flags_by(p_actor, p_reason, p_source, p_run, v_extra || jsonb_build_object('revives', p_key));
  update slipway.flags f set killed_at = null, killed_by = null, kill_reason = null, rollout = v_rollout where f.key = p_key;
  perform set_config('slipway.flags_by', '', true);
  return slipway.flag_answer(p_key, true);
end $$;

-- Writes a segment. It reaches into every flag that names it, so it needs the releaser's right.
create function slipway.set_segment(
  p_run bigint, p_actor text, p_reason text, p_source text, p_id text, p_constraints jsonb, p_expected_version bigint
) returns json
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  v_version bigint;
  v_problem constant text := slipway.constraints_problem(p_constraints);
begin
  perform slipway.require_flag_right('releaser', format('changing segment %s', p_id));
  if v_problem is not null then
    perform slipway.refuse_flag('SW007', format('segment %s is not valid', p_id), v_problem);
  end if;
  perform slipway.take_flag_turn();
  select s.version into v_version from slipway.flag_segments s where s.id = p_id for no key update;
  if v_version is distinct from p_expected_version then
    perform slipway.refuse_flag('SW005', format('segment %s was changed in the meantime', p_id), format(
      'it is at version %s, and the caller saw %s', coalesce(v_version::text, 'none'), coalesce(p_expected_version::text, 'none')));
  end if;
  perform slipway.flags_by(p_actor, p_reason, p_source, p_run);
  if v_version is null then
    insert into slipway.flag_segments (id, constraints) values (p_id, p_constraints);
  else
    update slipway.flag_segments s set constraints = p_constraints where s.id = p_id;
  end if;
  perform set_config('slipway.flags_by', '', true);
  return (select json_build_object('epoch', slipway.flag_epoch(), 'revision', s.revision, 'version', s.version)
    from slipway.flag_segments s where s.id = p_id);
end $$;

-- A new history by hand, for a restore that the database cannot notice (its rows put back while it ran).
create function slipway.new_flag_epoch(p_actor text, p_reason text) returns json
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  perform slipway.require_flag_right('releaser', 'starting a new epoch');
  perform slipway.take_flag_turn();
  update slipway.flag_revision set seed = gen_random_uuid(), origin = slipway.flag_origin(),
    revision = revision + 1, changed_at = clock_timestamp();
  perform slipway.append_audit(p_actor, null, 'flags.new-epoch', null,
    jsonb_build_object('reason', p_reason, 'epoch', slipway.flag_epoch()));
  perform slipway.hint_flags((select r.revision from slipway.flag_revision r));
  return slipway.flag_position();
end $$;

-- All flags as one JSON value: nothing that pages rows can cut it short.
create function slipway.flag_document() returns json
language sql volatile
begin atomic
  select ('{"epoch":' || pg_catalog.to_json(slipway.flag_epoch())::text || ',"revision":' || r.revision
    || ',"flags":[' || coalesce((select pg_catalog.string_agg(f.wire, ',' order by f.key collate "C") from slipway.flags f), '')
    || '],"segments":' || coalesce((
      select pg_catalog.json_agg(pg_catalog.json_build_object('id', s.id, 'constraints', s.constraints) order by s.id collate "C")::text
      from slipway.flag_segments s), '[]') || '}')::json
  from slipway.flag_revision r;
end;

create function slipway.list_flags(p_key text) returns json
language sql volatile
begin atomic
  select coalesce(pg_catalog.json_agg(slipway.flag_json(f) order by f.key collate "C"), '[]')
  from slipway.flags f where p_key is null or f.key = p_key;
end;

-- What happened to a flag, newest first, out of the audit.
create function slipway.flag_history(p_key text, p_limit integer) returns json
language sql stable
begin atomic
  select coalesce(pg_catalog.json_agg(e.event), '[]') from (
    select pg_catalog.json_build_object('seq', a.seq, 'at', slipway.iso(a.at), 'actor', a.actor, 'run', a.run,
      'kind', a.kind, 'key', a.subject, 'data', a.data) as event
    from slipway.audit a where a.kind like 'flag.%' and (p_key is null or a.subject = p_key)
    order by a.seq desc limit p_limit) e;
end;

-- A process tells what it has applied, or, with the same again, that it lives.
create function slipway.acknowledge_flags(p_instance text, p_epoch text, p_revision bigint, p_applied_ms integer) returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  v_now constant timestamptz := clock_timestamp();
  v_new boolean;
begin
  insert into slipway.flag_instances as i (instance, epoch, revision, applied_ms, applied_at, seen_at)
  values (p_instance, p_epoch, p_revision, p_applied_ms, v_now, v_now)
  on conflict (instance) do update set
    epoch = excluded.epoch, revision = excluded.revision, seen_at = v_now,
    applied_ms = case when (i.epoch, i.revision) = (excluded.epoch, excluded.revision) then i.applied_ms else excluded.applied_ms end,
    applied_at = case when (i.epoch, i.revision) = (excluded.epoch, excluded.revision) then i.applied_at else v_now end
  returning xmax = 0 into v_new;
  if v_new then delete from slipway.flag_instances i where i.seen_at < v_now - interval '1 day'; end if;
  perform pg_notify('slipway_flag_acks', p_instance);
end $$;

-- A process that ends says so, and is not waited for.
create function slipway.leave_flags(p_instance text) returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  delete from slipway.flag_instances i where i.instance = p_instance;
  perform pg_notify('slipway_flag_acks', p_instance);
end $$;

-- Who has applied a position of this epoch, of all that were heard of lately; since when those that have not are silent.
create function slipway.flag_acknowledgements(p_revision bigint, p_within_ms bigint) returns json
language sql volatile
begin atomic
  select pg_catalog.json_build_object('epoch', e.epoch, 'now', slipway.iso(pg_catalog.clock_timestamp()), 'instances', (
    select coalesce(pg_catalog.json_agg(pg_catalog.json_build_object(
      'instance', i.instance, 'epoch', i.epoch, 'revision', i.revision, 'appliedMs', i.applied_ms,
      'applied', i.epoch = e.epoch and i.revision >= p_revision,
      'appliedAt', slipway.iso(i.applied_at), 'seenAt', slipway.iso(i.seen_at),
      'silentMs', pg_catalog.round(1000 * extract(epoch from pg_catalog.clock_timestamp() - i.seen_at)))
      order by i.instance collate "C"), '[]')
    from slipway.flag_instances i
    where i.seen_at > pg_catalog.clock_timestamp() - p_within_ms * interval '1 millisecond'))
  from (select slipway.flag_epoch() as epoch) e;
end;

revoke all on all functions in schema slipway from public;

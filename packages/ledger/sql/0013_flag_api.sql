-- Step 13: flags for programs that are not the ledger's owner. These functions, and no table, are what an API exposes:
-- schema slipway_api. They run as their owner with a fixed search path; who may call which is granted here, and asked
-- again inside.

do $$ begin
  if pg_catalog.to_regnamespace('slipway_api') is null then create schema slipway_api; end if;
exception when insufficient_privilege then
  raise exception using errcode = '42501', message = 'schema slipway_api is missing, and this user may not create it',
    hint = pg_catalog.format('an administrator runs: create schema slipway_api authorization %I', current_user);
end $$;

create or replace function slipway_api.flag_position() returns json
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
begin
  perform slipway.require_flag_right('reader', 'reading flags');
  return slipway.flag_position();
end $$;

create or replace function slipway_api.flag_document() returns json
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
begin
  perform slipway.require_flag_right('reader', 'reading flags');
  return slipway.flag_document();
end $$;

create or replace function slipway_api.acknowledge_flags(instance text, epoch text, revision bigint, applied_ms integer default null)
returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  perform slipway.require_flag_right('reader', 'acknowledging flags');
  perform slipway.acknowledge_flags(instance, epoch, revision, applied_ms);
end $$;

create or replace function slipway_api.leave_flags(instance text) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  perform slipway.require_flag_right('reader', 'acknowledging flags');
  perform slipway.leave_flags(instance);
end $$;

create or replace function slipway_api.kill_flag(key text, reason text default null, actor text default null, source text default 'api')
returns json
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  return slipway.kill_flag(null, slipway.flag_actor(actor), reason, source, key);
end $$;

create or replace function slipway_api.kill_flags_of_release(
  release text, reason text default null, actor text default null, source text default 'api'
) returns json
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  return slipway.kill_flags_of_release(null, slipway.flag_actor(actor), reason, source, release);
end $$;

create or replace function slipway_api.set_flag(
  key text, change json, expected_version bigint, reason text default null, actor text default null, source text default 'api',
  gate text default null
) returns json
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  return slipway.set_flag(null, slipway.flag_actor(actor), reason, source, key, change::jsonb, expected_version, gate);
end $$;

create or replace function slipway_api.revive_flag(
  key text, expected_version bigint, reason text default null, actor text default null, source text default 'api',
  rollout integer default null, gate text default null
) returns json
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  return slipway.revive_flag(null, slipway.flag_actor(actor), reason, source, key, expected_version, rollout, gate);
end $$;

create or replace function slipway_api.list_flags(key text default null) returns json
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
begin
  perform slipway.require_flag_right('killer', 'listing flags');
  return slipway.list_flags(key);
end $$;

create or replace function slipway_api.flag_history(key text default null, max_events integer default 100) returns json
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
begin
  perform slipway.require_flag_right('killer', 'reading the history of flags');
  return slipway.flag_history(key, least(max_events, 1000));
end $$;

create or replace function slipway_api.flag_acknowledgements(revision bigint, within_ms bigint default 600000) returns json
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
begin
  perform slipway.require_flag_right('killer', 'reading who applied what');
  return slipway.flag_acknowledgements(revision, within_ms);
end $$;

revoke all on schema slipway_api from public;
revoke all on all functions in schema slipway_api from public;

-- The roles, and what each may call. They belong to the whole cluster: another database may have made them, or may be
-- making them right now, and whoever may not make roles goes without until an administrator has. To be run again then.
create function slipway.grant_flags() returns text[]
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  v_role text;
  v_function text;
  v_found boolean;
  v_problems text[] := '{}';
  v_reads constant text[] := array['flag_position()', 'flag_document()', 'acknowledge_flags(text, text, bigint, integer)',
    'leave_flags(text)'];
  v_kills constant text[] := array['kill_flag(text, text, text, text)', 'kill_flags_of_release(text, text, text, text)',
    'list_flags(text)', 'flag_history(text, integer)', 'flag_acknowledgements(bigint, bigint)',
    -- These two only switch off or down, unless the caller has the right, or a gate's token, to do more.
    'set_flag(text, json, bigint, text, text, text, text)', 'revive_flag(text, bigint, text, text, text, integer, text)'];
begin
  -- Some platforms grant new functions to their API's roles by default: not these.
  foreach v_role in array array['anon', 'authenticated'] loop
    if to_regrole(v_role) is not null then
      execute format('revoke all on schema slipway_api from %I', v_role);
      execute format('revoke all on all functions in schema slipway_api, slipway from %I', v_role);
      execute format('revoke all on slipway.flag_revision, slipway.flags, slipway.flag_segments, slipway.flag_instances, slipway.flag_gates from %I', v_role);
    end if;
  end loop;
  foreach v_role in array array['slipway_flag_reader', 'slipway_flag_killer', 'slipway_flag_releaser', 'service_role'] loop
    if to_regrole(v_role) is null and v_role <> 'service_role' then
      begin
        execute format('create role %I nologin', v_role);
      exception
        when duplicate_object or unique_violation then null;
        when insufficient_privilege then null;
      end;
    end if;
    select r.rolname = 'service_role' or not (r.rolcanlogin or r.rolsuper or r.rolcreaterole) into v_found
    from pg_roles r where r.rolname = v_role;
    if v_role = 'service_role' and v_found is null then continue; end if;
    if v_found is not true then
      v_problems := v_problems || case when v_found is null
        then format('role %s is missing: an administrator runs: create role %s nologin; then: select slipway.grant_flags()', v_role, v_role)
        else format('role %s is not ours: it may log in or administer, so it was granted nothing', v_role) end;
      continue;
    end if;
    execute format('revoke all on slipway.flag_revision, slipway.flags, slipway.flag_segments, slipway.flag_instances, slipway.flag_gates from %I', v_role);
    execute format('grant usage on schema slipway_api to %I', v_role);
    foreach v_function in array v_reads || case when v_role = 'slipway_flag_reader' then '{}' else v_kills end loop
      execute format('grant execute on function slipway_api.%s to %I', v_function, v_role);
    end loop;
  end loop;
  return v_problems;
end $$;

-- Lets people who are signed in to the API call it: each may do what app_metadata.slipway_flags says (reader, killer or
-- releaser), and without that nothing.
create function slipway.admit_flag_operators(p_admit boolean) returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  if p_admit then
    grant usage on schema slipway_api to authenticated;
    grant execute on all functions in schema slipway_api to authenticated;
  else
    revoke all on all functions in schema slipway_api from authenticated;
    revoke all on schema slipway_api from authenticated;
  end if;
end $$;

revoke all on all functions in schema slipway from public;

do $$
declare
  v_problem text;
begin
  foreach v_problem in array slipway.grant_flags() loop raise notice '%', v_problem; end loop;
end $$;

-- Who may hear the private broadcast, where there is one.
do $$ begin
  if to_regclass('realtime.messages') is not null and to_regrole('slipway_flag_reader') is not null then
    create policy slipway_flags_are_heard on realtime.messages for select to slipway_flag_reader
      using (realtime.topic() = 'slipway:flags');
  end if;
exception when insufficient_privilege or undefined_function or duplicate_object then
  raise notice 'readers poll: no policy on realtime.messages (%)', sqlerrm;
end $$;

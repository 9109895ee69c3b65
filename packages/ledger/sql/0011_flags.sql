-- Step 11: flags. The stack owns that a flag exists and what is declared of it; the runtime owns its state.
-- Every change bumps one counter and is audited in the transaction that makes it.

-- One row, and the lock that puts the writers of flags in the order of their commits.
create table slipway.flag_revision (
  one boolean primary key default true check (one),
  seed uuid not null,
  revision bigint not null check (revision >= 0),
  -- Where the database was when it was last written to: another place means that it was restored.
  origin text not null,
  changed_at timestamptz not null
) with (fillfactor = 10);
create trigger flag_revision_stays before delete or truncate on slipway.flag_revision
  for each statement execute function slipway.refuse_change();

create table slipway.flags (
  key text primary key check (key ~ '^[A-Za-z0-9_][A-Za-z0-9_.~:-]{0,99}$'),
  declaration jsonb not null,
  -- Salt of the buckets.
  group_id text not null check (group_id <> ''),
  enabled boolean not null,
  rollout integer not null check (rollout between 0 and 100),
  -- rules, variants, dependencies, activeFrom, activeUntil
  targeting jsonb not null,
  killed_at timestamptz,
  killed_by text,
  kill_reason text,
  -- When somebody could be on for the first time: from then on the salt stays.
  exposed_at timestamptz,
  archived_at timestamptz,
  version bigint not null,
  revision bigint not null,
  changed_at timestamptz not null,
  -- The flag as processes read it, written with the row, so that reading 10,000 is joining texts.
  wire text not null,
  constraint flags_killed check ((killed_at is null) = (killed_by is null) and (killed_at is not null or kill_reason is null))
);
create index flags_killed on slipway.flags (key) where killed_at is not null;
-- A flag that left the product keeps its row: who uses the key again gets neither its past nor a kill undone.
create trigger flags_stay before delete or truncate on slipway.flags
  for each statement execute function slipway.refuse_change();

create table slipway.flag_segments (
  id text primary key check (id <> '' and length(id) <= 100),
  constraints jsonb not null,
  version bigint not null,
  revision bigint not null,
  changed_at timestamptz not null
);
create trigger flag_segments_stay before delete or truncate on slipway.flag_segments
  for each statement execute function slipway.refuse_change();

-- Which processes live, and what each of them has applied.
create table slipway.flag_instances (
  instance text primary key check (instance <> '' and length(instance) <= 200),
  epoch text not null,
  revision bigint not null,
  applied_ms integer,
  -- When it applied this position, and when it was last heard; by the database's clock.
  applied_at timestamptz not null,
  seen_at timestamptz not null
) with (fillfactor = 50);

-- Permissions that a gate gives: to raise one flag, so far, once, until then. The token itself is not kept.
create table slipway.flag_gates (
  token_sha256 text primary key,
  key text not null,
  max_rollout integer not null check (max_rollout between 0 and 100),
  issued_by text not null,
  run bigint,
  issued_at timestamptz not null,
  expires_at timestamptz not null,
  used_at timestamptz
);

create index audit_of_flags on slipway.audit (subject, seq) where kind like 'flag.%';

-- What every refusal here raises: a state of the ledger's own, or the HTTP status where an API asks.
create function slipway.refuse_flag(p_state text, p_message text, p_detail text default null) returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  raise exception using
    errcode = case when coalesce(current_setting('request.headers', true), '') = '' then p_state else case p_state
      when 'SW005' then 'PT409' when 'SW006' then 'PT409' when 'SW007' then 'PT400' when 'SW008' then 'PT404' else 'PT403' end end,
    message = p_message,
    detail = coalesce(p_detail, ''),
    hint = case p_state
      when 'SW005' then 'FLAG_CONFLICT' when 'SW006' then 'FLAG_KILLED' when 'SW007' then 'FLAG_INVALID'
      when 'SW008' then 'FLAG_UNKNOWN' else 'FLAG_DENIED' end;
end $$;

-- Cluster, timeline, database and table: what changes when a dump is restored, or a point in time, or a standby
-- takes over. Missing rights make it coarser, never wrong.
create function slipway.flag_origin() returns text
language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
declare
  v_system text := '-';
  v_timeline text := '-';
begin
  begin
    select s.system_identifier::text into v_system from pg_control_system() s;
    if not pg_is_in_recovery() then v_timeline := left(pg_walfile_name(pg_current_wal_lsn()), 8); end if;
  exception when insufficient_privilege then null;
  end;
  return format('%s/%s/%s/%s', v_system, v_timeline,
    (select d.oid from pg_database d where d.datname = current_database()), 'slipway.flag_revision'::regclass::oid::text);
end $$;

-- Identity of the history that a revision counts in. It is computed and not stored, so no restore can bring an
-- old one back; and as every restore restarts the server, so does a copy of its files laid back in place.
create function slipway.flag_epoch() returns text
language sql volatile
begin atomic
  select pg_catalog.md5(
    r.seed::text || '/' || slipway.flag_origin() || '/' || extract(epoch from pg_catalog.pg_postmaster_start_time())::text)
  from slipway.flag_revision r;
end;

create function slipway.flag_position() returns json
language sql volatile
begin atomic
  select pg_catalog.json_build_object('epoch', slipway.flag_epoch(), 'revision', r.revision) from slipway.flag_revision r;
end;

alter table slipway.flags
  add constraint flags_targeting check (slipway.targeting_problem(targeting) is null),
  add constraint flags_declaration check (slipway.declaration_problem(declaration) is null);
alter table slipway.flag_segments
  add constraint flag_segments_constraints check (slipway.constraints_problem(constraints) is null);

-- In whose name the rest of the transaction changes flags; read by the triggers.
create function slipway.flags_by(p_actor text, p_reason text, p_source text, p_run bigint, p_extra jsonb default '{}')
returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  perform set_config('slipway.flags_by', jsonb_build_object(
    'actor', p_actor, 'reason', p_reason, 'source', p_source, 'run', p_run, 'extra', p_extra)::text, true);
end $$;

-- Before the first row is locked: one writer after the other, so revisions are in the order of commits and two
-- writers cannot wait for each other. A writer that goes silent in its transaction is ended after five seconds, or a
-- laptop that was closed would hold up a kill until the network notices.
create function slipway.flags_in_turn() returns trigger
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  perform slipway.take_flag_turn();
  return null;
end $$;

create function slipway.take_flag_turn() returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  v_idle constant integer := (select s.setting::integer from pg_settings s where s.name = 'idle_in_transaction_session_timeout');
begin
  if v_idle = 0 or v_idle > 5000 then perform set_config('idle_in_transaction_session_timeout', '5000', true); end if;
  -- What is reported as done survives a crash, whatever the database's default is.
  if current_setting('synchronous_commit') = 'off' then perform set_config('synchronous_commit', 'local', true); end if;
  perform from slipway.flag_revision for no key update;
end $$;

create function slipway.bump_flag_revision() returns bigint
language sql volatile
begin atomic
  update slipway.flag_revision set revision = revision + 1, changed_at = pg_catalog.clock_timestamp() returning revision;
end;

create function slipway.flag_wire(p_flag slipway.flags) returns text
language sql stable
begin atomic
  select pg_catalog.json_build_object(
    'key', p_flag.key,
    'declaration', p_flag.declaration - 'description' - 'initial',
    'state', p_flag.targeting || pg_catalog.jsonb_build_object(
      'enabled', p_flag.enabled, 'killed', p_flag.killed_at is not null, 'rollout', p_flag.rollout,
      'version', p_flag.version, 'archived', p_flag.archived_at is not null))::text;
end;

create function slipway.flag_changes() returns trigger
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  v_by jsonb := nullif(current_setting('slipway.flags_by', true), '')::jsonb;
begin
  if tg_op = 'UPDATE' then
    if new.key <> old.key then
      perform slipway.refuse_flag('SW007', format('flag %s keeps its key', old.key));
    end if;
    if old.killed_at is not null and new.killed_at is null and (v_by #>> '{extra,revives}') is distinct from old.key then
      perform slipway.refuse_flag('SW006', format('flag %s is killed', old.key), 'a killed flag comes back only through slipway.revive_flag');
    end if;
    if old.exposed_at is not null and
      (new.group_id, coalesce(new.declaration ->> 'stickiness', 'default')) is distinct from
      (old.group_id, coalesce(old.declaration ->> 'stickiness', 'default')) then
      perform slipway.refuse_flag('SW007', format('flag %s keeps its salt and stickiness', old.key), format('somebody has had it on since %s, and the cohort would be drawn anew', slipway.iso(old.exposed_at)));
    end if;
    new.version := old.version + 1;
  else
    new.version := 1;
  end if;
  new.changed_at := clock_timestamp();
  new.revision := slipway.bump_flag_revision();
  if new.exposed_at is null and new.enabled and new.rollout > 0 and new.killed_at is null then
    new.exposed_at := new.changed_at;
  end if;
  new.wire := slipway.flag_wire(new);
  return new;
end $$;

create function slipway.json_sha256(p_value jsonb) returns text
language sql immutable
begin atomic
  select pg_catalog.encode(pg_catalog.sha256(pg_catalog.convert_to(p_value::text, 'UTF8')), 'hex');
end;

-- What the audit keeps of a flag. Targeting may name people, and the audit is for ever: so only its digest.
create function slipway.flag_audited(p_flag slipway.flags) returns jsonb
language sql stable
begin atomic
  select pg_catalog.jsonb_build_object(
    'enabled', p_flag.enabled, 'rollout', p_flag.rollout, 'killed', p_flag.killed_at is not null,
    'archived', p_flag.archived_at is not null, 'groupId', p_flag.group_id,
    'targetingSha256', slipway.json_sha256(p_flag.targeting), 'declarationSha256', slipway.json_sha256(p_flag.declaration),
    'owner', p_flag.declaration ->> 'owner', 'release', p_flag.declaration ->> 'release');
end;

-- After the row is written, so that a statement that wrote nothing leaves no event. A change that cannot be audited
-- does not happen; a kill happens all the same: its row says who, when and why, and slipway.audit_missing_kills()
-- writes the event as soon as the audit takes it.
create function slipway.flag_changed() returns trigger
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  v_by jsonb := coalesce(nullif(current_setting('slipway.flags_by', true), '')::jsonb,
    jsonb_build_object('actor', 'sql:' || session_user, 'source', 'sql'));
  v_before jsonb := case when tg_op = 'UPDATE' then slipway.flag_audited(old) end;
  v_after jsonb := slipway.flag_audited(new);
  v_killed constant boolean := new.killed_at is not null and (tg_op = 'INSERT' or old.killed_at is null);
  v_wait text := current_setting('lock_timeout');
  v_kind text := case
    when v_killed then 'flag.killed'
    when tg_op = 'UPDATE' and old.killed_at is not null and new.killed_at is null then 'flag.revived'
    when tg_op = 'UPDATE' and old.archived_at is null and new.archived_at is not null then 'flag.archived'
    when tg_op = 'INSERT' or old.declaration is distinct from new.declaration
      or old.archived_at is distinct from new.archived_at then 'flag.declared'
    else 'flag.changed'
  end;
  v_data jsonb := jsonb_build_object(
    'version', new.version, 'revision', new.revision, 'reason', v_by ->> 'reason', 'source', v_by ->> 'source',
    'before', (select coalesce(jsonb_object_agg(b.key, b.value), '{}') from jsonb_each(v_before) b where b.value is distinct from v_after -> b.key),
    'after', (select coalesce(jsonb_object_agg(a.key, a.value), '{}') from jsonb_each(v_after) a where a.value is distinct from v_before -> a.key)
  ) || (coalesce(v_by -> 'extra', '{}') - 'revives')
    || case when v_killed then jsonb_build_object('killedAt', slipway.iso(new.killed_at)) else '{}' end;
begin
  if v_killed then
    begin
      -- Whoever holds the audit's head may hold it for as long as a migration takes.
      perform set_config('lock_timeout', '250ms', true);
      perform slipway.append_audit(v_by ->> 'actor', (v_by ->> 'run')::bigint, v_kind, new.key, v_data);
      perform set_config('lock_timeout', v_wait, true);
    exception when others then
      raise warning 'the kill of flag % is not in the audit yet: %', new.key, sqlerrm;
    end;
  else
    perform slipway.append_audit(v_by ->> 'actor', (v_by ->> 'run')::bigint, v_kind, new.key, v_data);
  end if;
  perform slipway.hint_flags(new.revision);
  return null;
end $$;

-- Tells listeners to look. A hint that gets lost costs a reader the wait until its next poll, never a change.
create function slipway.hint_flags(p_revision bigint) returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  v_hint constant jsonb := jsonb_build_object('epoch', slipway.flag_epoch(), 'revision', p_revision);
begin
  perform pg_notify('slipway_flags', v_hint::text);
  -- Supabase's broadcast, where it is: private, so that only readers can hear it.
  if to_regprocedure('realtime.send(jsonb, text, text, boolean)') is not null then
    execute 'select realtime.send($1, $2, $3, $4)' using v_hint, 'changed'::text, 'slipway:flags'::text, true;
  end if;
exception when others then
  raise warning 'no hint for revision %: %', p_revision, sqlerrm;
end $$;

create trigger flags_in_turn before insert or update on slipway.flags
  for each statement execute function slipway.flags_in_turn();
create trigger flags_change before insert or update on slipway.flags
  for each row execute function slipway.flag_changes();
create trigger flags_changed after insert or update on slipway.flags
  for each row execute function slipway.flag_changed();

create function slipway.segment_changes() returns trigger
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  new.version := case when tg_op = 'UPDATE' then old.version + 1 else 1 end;
  new.changed_at := clock_timestamp();
  new.revision := slipway.bump_flag_revision();
  return new;
end $$;

create function slipway.segment_changed() returns trigger
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  v_by jsonb := coalesce(nullif(current_setting('slipway.flags_by', true), '')::jsonb,
    jsonb_build_object('actor', 'sql:' || session_user, 'source', 'sql'));
begin
  perform slipway.append_audit(v_by ->> 'actor', (v_by ->> 'run')::bigint, 'segment.changed', new.id, jsonb_build_object(
    'version', new.version, 'revision', new.revision, 'reason', v_by ->> 'reason', 'source', v_by ->> 'source',
    'constraintsSha256', slipway.json_sha256(new.constraints)));
  perform slipway.hint_flags(new.revision);
  return null;
end $$;

create trigger flag_segments_in_turn before insert or update on slipway.flag_segments
  for each statement execute function slipway.flags_in_turn();
create trigger flag_segments_change before insert or update on slipway.flag_segments
  for each row execute function slipway.segment_changes();
create trigger flag_segments_changed after insert or update on slipway.flag_segments
  for each row execute function slipway.segment_changed();

insert into slipway.flag_revision (seed, revision, origin, changed_at)
values (pg_catalog.gen_random_uuid(), 0, slipway.flag_origin(), pg_catalog.clock_timestamp());

revoke all on slipway.flag_revision, slipway.flags, slipway.flag_segments, slipway.flag_instances, slipway.flag_gates from public;
revoke all on all functions in schema slipway from public;

-- Step 22: how long migrations took, and how large the tables were that they worked on. Written in the transaction of the
-- migration; a plan estimates from it, here and, brought as a file, elsewhere.

create table slipway.durations (
  migration text not null,
  direction text not null check (direction in ('up', 'down')),
  -- Of the SQL that ran; null until it ended.
  sha256 text,
  -- Null while open: work that was killed and went on later, whose time says nothing.
  started_at timestamptz,
  ended_at timestamptz,
  -- Null until it ended.
  milliseconds double precision check (milliseconds >= 0),
  -- A list of {name, rows, bytes}, as they were before.
  tables jsonb not null,
  primary key (migration, direction)
);
create index durations_ended on slipway.durations (ended_at);

-- Notes that a migration begins and how large its tables are. Those without such tables need no note.
create function slipway.begin_duration(p_migration text, p_direction text, p_tables jsonb, p_resumed boolean)
returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  insert into slipway.durations (migration, direction, started_at, tables)
  values (p_migration, p_direction, case when p_resumed then null else clock_timestamp() end, p_tables)
  on conflict (migration, direction) do update set
    sha256 = null, started_at = excluded.started_at, ended_at = null, milliseconds = null, tables = excluded.tables;
end $$;

-- Keeps how long it took. Several transactions of one message share the time at which the message came: without a note,
-- a migration began when the one before it ended, or when the message came.
create function slipway.keep_duration(p_migration text, p_direction text, p_sha text) returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  v_open slipway.durations;
  v_now timestamptz := clock_timestamp();
begin
  select * into v_open from slipway.durations d
  where d.migration = p_migration and d.direction = p_direction and d.milliseconds is null;
  if found and v_open.started_at is null then
    delete from slipway.durations d where d.migration = p_migration and d.direction = p_direction;
    return;
  end if;
  v_open.started_at := coalesce(v_open.started_at, (
    select max(d.ended_at) from slipway.durations d
    where d.ended_at between transaction_timestamp() and v_now), transaction_timestamp());
  insert into slipway.durations (migration, direction, sha256, started_at, ended_at, milliseconds, tables)
  values (p_migration, p_direction, p_sha, v_open.started_at, v_now,
    greatest(0, extract(epoch from v_now - v_open.started_at) * 1000), coalesce(v_open.tables, '[]'))
  on conflict (migration, direction) do update set
    sha256 = excluded.sha256, started_at = excluded.started_at, ended_at = excluded.ended_at,
    milliseconds = excluded.milliseconds, tables = excluded.tables;
end $$;

revoke all on all functions in schema slipway from public;

-- Step 19: how far a backfill has come. A chunk's rows and the cursor behind them are written in one transaction.

create table slipway.backfills (
  migration text primary key,
  up_sha256 text not null,
  -- Keys as text: the last one that is done, and the last one that there was when the backfill began.
  done_to text,
  last text,
  rows_done bigint not null default 0 check (rows_done >= 0),
  rows_total bigint not null check (rows_total >= 0),
  chunks integer not null default 0,
  started_at timestamptz not null,
  updated_at timestamptz not null
);

-- Begins a backfill, or gives the row of the one that was begun.
create function slipway.begin_backfill(
  p_token bigint, p_migration text, p_up_sha text, p_last text, p_rows_total bigint
) returns slipway.backfills
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  v_row slipway.backfills;
begin
  perform slipway.fence(p_token);
  insert into slipway.backfills (migration, up_sha256, last, rows_total, started_at, updated_at)
  values (p_migration, p_up_sha, p_last, p_rows_total, clock_timestamp(), clock_timestamp())
  on conflict (migration) do nothing;
  select * into strict v_row from slipway.backfills b where b.migration = p_migration;
  return v_row;
end $$;

-- Moves the cursor. It moves from where the caller saw it, or the chunk is not the next one.
create function slipway.advance_backfill(p_token bigint, p_migration text, p_from text, p_to text, p_rows bigint)
returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  perform slipway.fence(p_token);
  update slipway.backfills b set done_to = p_to, rows_done = b.rows_done + p_rows, chunks = b.chunks + 1,
    updated_at = clock_timestamp()
  where b.migration = p_migration and b.done_to is not distinct from p_from;
  if not found then
    raise exception using errcode = 'SW011', message = format('the backfill of %s has moved on', p_migration);
  end if;
end $$;

-- Ends a backfill, in the transaction that records the migration.
create function slipway.finish_backfill(p_token bigint, p_run bigint, p_actor text, p_migration text) returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  v_row slipway.backfills;
begin
  perform slipway.fence(p_token);
  delete from slipway.backfills b where b.migration = p_migration returning * into strict v_row;
  perform slipway.append_audit(p_actor, p_run, 'migration.backfilled', p_migration, jsonb_build_object(
    'rows', v_row.rows_done, 'chunks', v_row.chunks, 'startedAt', slipway.iso(v_row.started_at)));
end $$;

-- Forgets how far it came: what it did was taken back.
create function slipway.forget_backfill(p_token bigint, p_migration text) returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  perform slipway.fence(p_token);
  delete from slipway.backfills b where b.migration = p_migration;
end $$;

revoke all on all functions in schema slipway from public;

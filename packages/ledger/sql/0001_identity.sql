-- Step 1: the schema, whose ledger it is, and the guard of what is only ever appended to.
-- Steps are never edited once released: a change is a new step.

-- An administrator may have made the schema for a user who may not create one.
do $$ begin
  if pg_catalog.to_regnamespace('slipway') is null then create schema slipway; end if;
end $$;

create table slipway.meta (
  one boolean primary key default true check (one),
  version integer not null,
  project text not null,
  environment text not null,
  created_at timestamptz not null default pg_catalog.clock_timestamp(),
  upgraded_at timestamptz
);

-- Timestamps as the ledger writes them everywhere: ISO 8601, UTC, microseconds.
create function slipway.iso(p_time timestamptz) returns text
language sql stable
begin atomic
  select pg_catalog.to_char(p_time at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"');
end;

create function slipway.refuse_change() returns trigger
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  raise exception using
    errcode = 'SW002',
    message = format('%s of slipway.%s is refused: it is only ever appended to', lower(tg_op), tg_table_name);
end $$;

revoke all on all functions in schema slipway from public;

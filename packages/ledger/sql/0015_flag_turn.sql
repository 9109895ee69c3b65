-- Step 15: the writers' turn without pg_settings, which lists every setting there is to give one: a kill takes half the
-- time. As in step 11 otherwise.

create or replace function slipway.take_flag_turn() returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  -- '0', '5s', '10min': all of them are intervals.
  v_idle constant interval := current_setting('idle_in_transaction_session_timeout')::interval;
begin
  if v_idle = interval '0' or v_idle > interval '5s' then
    perform set_config('idle_in_transaction_session_timeout', '5000', true);
  end if;
  if current_setting('synchronous_commit') = 'off' then perform set_config('synchronous_commit', 'local', true); end if;
  perform from slipway.flag_revision for no key update;
end $$;

revoke all on all functions in schema slipway from public;

-- Undoes step 15. Run as one transaction: psql -1 -v ON_ERROR_STOP=1 -f 0015_flag_turn.sql

create or replace function slipway.take_flag_turn() returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  v_idle constant integer := (select s.setting::integer from pg_settings s where s.name = 'idle_in_transaction_session_timeout');
begin
  if v_idle = 0 or v_idle > 5000 then perform set_config('idle_in_transaction_session_timeout', '5000', true); end if;
  -- What is reported as done survives a crash, whatever the database's default is.
  if current_setting('synchronous_commit') = 'off' then perform set_config('synchronous_commit', 'local', true); end if;
  perform from slipway.flag_revision for no key update;
end $$;

update slipway.meta set version = 14, upgraded_at = pg_catalog.clock_timestamp();
select from slipway.meta m, slipway.append_audit('slipway', null, 'ledger.reverted', m.project || '/' || m.environment,
  pg_catalog.jsonb_build_object('from', 15, 'version', 14));

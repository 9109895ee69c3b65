-- Undoes step 17. Run as one transaction: psql -1 -v ON_ERROR_STOP=1 -f 0017_flag_ramps.sql
-- A ramp that is under way ends: its flag stays where it is. The audit keeps what ramps did.

drop function
  slipway.epoch_ms(timestamptz),
  slipway.flag_ramp(text),
  slipway.refuse_driven_ramp(slipway.flag_ramps, bigint),
  slipway.start_flag_ramp(text, text, text, jsonb, text, text, bigint, jsonb, integer, bigint),
  slipway.take_flag_ramp(text, text, jsonb, integer, bigint),
  slipway.fence_flag_ramp(text, bigint),
  slipway.drive_flag_ramp(text, bigint, integer),
  slipway.leave_flag_ramp(text, bigint),
  slipway.move_flag_ramp(text, text, bigint, text, integer, text);
drop table slipway.flag_ramps;

update slipway.meta set version = 16, upgraded_at = pg_catalog.clock_timestamp();
select from slipway.meta m, slipway.append_audit('slipway', null, 'ledger.reverted', m.project || '/' || m.environment,
  pg_catalog.jsonb_build_object('from', 17, 'version', 16));

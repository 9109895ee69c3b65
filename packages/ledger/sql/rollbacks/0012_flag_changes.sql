-- Undoes step 12. Run as one transaction: psql -1 -v ON_ERROR_STOP=1 -f 0012_flag_changes.sql

drop function
  slipway.flag_right(),
  slipway.require_flag_right(text, text),
  slipway.flag_actor(text),
  slipway.flag_json(slipway.flags),
  slipway.flag_answer(text, boolean),
  slipway.take_flag(text),
  slipway.audit_missing_kills(),
  slipway.note_flag_origin(text),
  slipway.declare_flag(bigint, bigint, text, text, text, jsonb),
  slipway.archive_flag(bigint, bigint, text, text, text),
  slipway.use_flag_gate(text, text, integer),
  slipway.issue_flag_gate(bigint, text, text, text, integer, integer),
  slipway.set_flag(bigint, text, text, text, text, jsonb, bigint, text),
  slipway.kill_flag(bigint, text, text, text, text),
  slipway.kill_flags_of_release(bigint, text, text, text, text),
  slipway.revive_flag(bigint, text, text, text, text, bigint, integer, text),
  slipway.set_segment(bigint, text, text, text, text, jsonb, bigint),
  slipway.new_flag_epoch(text, text),
  slipway.flag_document(),
  slipway.list_flags(text),
  slipway.flag_history(text, integer),
  slipway.acknowledge_flags(text, text, bigint, integer),
  slipway.leave_flags(text),
  slipway.flag_acknowledgements(bigint, bigint);

update slipway.meta set version = 11, upgraded_at = pg_catalog.clock_timestamp();
select from slipway.meta m, slipway.append_audit('slipway', null, 'ledger.reverted', m.project || '/' || m.environment,
  pg_catalog.jsonb_build_object('from', 12, 'version', 11));

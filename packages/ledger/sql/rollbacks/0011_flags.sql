-- Undoes step 11. Run as one transaction: psql -1 -v ON_ERROR_STOP=1 -f 0011_flags.sql
-- It loses the state of every flag, kills included. The audit keeps their history.

do $$ begin
  if exists (select from slipway.flags) and pg_catalog.current_setting('slipway.allow_data_loss', true) is distinct from 'on' then
    raise exception using errcode = 'SW002', message = 'undoing step 11 would lose the state of every flag, kills included',
      hint = 'set slipway.allow_data_loss = ''on'' in the session if that is wanted';
  end if;
end $$;

drop index slipway.audit_of_flags;
drop trigger flags_in_turn on slipway.flags;
drop trigger flags_change on slipway.flags;
drop trigger flags_changed on slipway.flags;
drop trigger flag_segments_in_turn on slipway.flag_segments;
drop trigger flag_segments_change on slipway.flag_segments;
drop trigger flag_segments_changed on slipway.flag_segments;
drop function
  slipway.refuse_flag(text, text, text),
  slipway.flag_origin(),
  slipway.flag_epoch(),
  slipway.flag_position(),
  slipway.flags_by(text, text, text, bigint, jsonb),
  slipway.flags_in_turn(),
  slipway.take_flag_turn(),
  slipway.bump_flag_revision(),
  slipway.flag_wire(slipway.flags),
  slipway.flag_changes(),
  slipway.json_sha256(jsonb),
  slipway.flag_audited(slipway.flags),
  slipway.flag_changed(),
  slipway.hint_flags(bigint),
  slipway.segment_changes(),
  slipway.segment_changed();
drop table slipway.flag_gates, slipway.flag_instances, slipway.flag_segments, slipway.flags, slipway.flag_revision;

update slipway.meta set version = 10, upgraded_at = pg_catalog.clock_timestamp();
select from slipway.meta m, slipway.append_audit('slipway', null, 'ledger.reverted', m.project || '/' || m.environment,
  pg_catalog.jsonb_build_object('from', 11, 'version', 10));

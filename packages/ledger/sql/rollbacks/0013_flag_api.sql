-- Undoes step 13. Run as one transaction: psql -1 -v ON_ERROR_STOP=1 -f 0013_flag_api.sql
-- The roles stay: they belong to the cluster, where other databases may use them and people may be members.

do $$ begin
  if pg_catalog.to_regclass('realtime.messages') is not null then
    drop policy if exists slipway_flags_are_heard on realtime.messages;
  end if;
end $$;
drop function
  slipway_api.flag_position(),
  slipway_api.flag_document(),
  slipway_api.acknowledge_flags(text, text, bigint, integer),
  slipway_api.leave_flags(text),
  slipway_api.kill_flag(text, text, text, text),
  slipway_api.kill_flags_of_release(text, text, text, text),
  slipway_api.set_flag(text, json, bigint, text, text, text, text),
  slipway_api.revive_flag(text, bigint, text, text, text, integer, text),
  slipway_api.list_flags(text),
  slipway_api.flag_history(text, integer),
  slipway_api.flag_acknowledgements(bigint, bigint),
  slipway.grant_flags(),
  slipway.admit_flag_operators(boolean);

-- A schema that an administrator made stays, with what it grants: this user could not make it again.
do $$
declare
  v_role text;
begin
  if pg_catalog.has_database_privilege(pg_catalog.current_database(), 'CREATE') then
    drop schema slipway_api;
    return;
  end if;
  foreach v_role in array array['slipway_flag_reader', 'slipway_flag_killer', 'slipway_flag_releaser', 'service_role'] loop
    if pg_catalog.to_regrole(v_role) is not null then
      execute pg_catalog.format('revoke all on schema slipway_api from %I', v_role);
    end if;
  end loop;
end $$;

update slipway.meta set version = 12, upgraded_at = pg_catalog.clock_timestamp();
select from slipway.meta m, slipway.append_audit('slipway', null, 'ledger.reverted', m.project || '/' || m.environment,
  pg_catalog.jsonb_build_object('from', 13, 'version', 12));

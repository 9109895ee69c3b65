-- Undoes step 14. Run as one transaction: psql -1 -v ON_ERROR_STOP=1 -f 0014_saved.sql
-- What rollbacks saved stays where it is, in schema slipway_saved.

drop function
  slipway.prepare_saved(),
  slipway.saved_columns(regclass, regclass),
  slipway.saved_match(regclass, regclass),
  slipway.trim_saved(text),
  slipway.put_back_copy(text),
  slipway.put_back(bigint, bigint, text, text),
  slipway.note_put_back(bigint, text, text, jsonb),
  slipway.saved_list(),
  slipway.remove_saved(bigint, text, text[]);

update slipway.meta set version = 13, upgraded_at = pg_catalog.clock_timestamp();
select from slipway.meta m, slipway.append_audit('slipway', null, 'ledger.reverted', m.project || '/' || m.environment,
  pg_catalog.jsonb_build_object('from', 14, 'version', 13));

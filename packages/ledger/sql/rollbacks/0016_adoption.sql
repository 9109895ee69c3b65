-- Undoes step 16. Run as one transaction: psql -1 -v ON_ERROR_STOP=1 -f 0016_adoption.sql
-- What was adopted stays applied, and the audit tells it.

drop function
  slipway.migration_adopted(bigint, text, text, text, text, text, text, text, text, text, text),
  slipway.migration_forgotten(bigint, text, text, text);

update slipway.meta set version = 15, upgraded_at = pg_catalog.clock_timestamp();
select from slipway.meta m, slipway.append_audit('slipway', null, 'ledger.reverted', m.project || '/' || m.environment,
  pg_catalog.jsonb_build_object('from', 16, 'version', 15));

-- Undoes step 22. Run as one transaction: psql -1 -v ON_ERROR_STOP=1 -f 0022_durations.sql
-- How long migrations took is known again when they run next; until then plans have no estimate.

drop function slipway.begin_duration(text, text, jsonb, boolean), slipway.keep_duration(text, text, text);
drop table slipway.durations;

update slipway.meta set version = 21, upgraded_at = pg_catalog.clock_timestamp();
select from slipway.meta m, slipway.append_audit('slipway', null, 'ledger.reverted', m.project || '/' || m.environment,
  pg_catalog.jsonb_build_object('from', 22, 'version', 21));

-- Undoes step 20. Run as one transaction: psql -1 -v ON_ERROR_STOP=1 -f 0020_heads.sql
-- Heads are kept again when they settle next; until then a rollback does not know of drift, nor of probes.

drop function slipway.keep_head(bigint, text, text, text, jsonb);
drop table slipway.heads;

update slipway.meta set version = 19, upgraded_at = pg_catalog.clock_timestamp();
select from slipway.meta m, slipway.append_audit('slipway', null, 'ledger.reverted', m.project || '/' || m.environment,
  pg_catalog.jsonb_build_object('from', 20, 'version', 19));

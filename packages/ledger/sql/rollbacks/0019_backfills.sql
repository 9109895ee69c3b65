-- Undoes step 19. Run as one transaction: psql -1 -v ON_ERROR_STOP=1 -f 0019_backfills.sql
-- Refused while a backfill is half done: without its cursor it would begin again.

do $$ begin
  if exists (select from slipway.backfills) then
    raise exception 'undoing step 19 would lose how far a backfill has come';
  end if;
end $$;

drop function
  slipway.begin_backfill(bigint, text, text, text, bigint),
  slipway.advance_backfill(bigint, text, text, text, bigint),
  slipway.finish_backfill(bigint, bigint, text, text),
  slipway.forget_backfill(bigint, text);
drop table slipway.backfills;

update slipway.meta set version = 18, upgraded_at = pg_catalog.clock_timestamp();
select from slipway.meta m, slipway.append_audit('slipway', null, 'ledger.reverted', m.project || '/' || m.environment,
  pg_catalog.jsonb_build_object('from', 19, 'version', 18));

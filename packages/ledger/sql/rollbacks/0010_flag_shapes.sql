-- Undoes step 10. Run as one transaction: psql -1 -v ON_ERROR_STOP=1 -f 0010_flag_shapes.sql

drop function
  slipway.shape_problem(jsonb, text[][]),
  slipway.is_moment(text),
  slipway.moment_problem(jsonb, text),
  slipway.constraints_problem(jsonb),
  slipway.variants_problem(jsonb),
  slipway.targeting_problem(jsonb),
  slipway.declaration_problem(jsonb);

update slipway.meta set version = 9, upgraded_at = pg_catalog.clock_timestamp();
select from slipway.meta m, slipway.append_audit('slipway', null, 'ledger.reverted', m.project || '/' || m.environment,
  pg_catalog.jsonb_build_object('from', 10, 'version', 9));

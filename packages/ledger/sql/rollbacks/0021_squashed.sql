-- Undoes step 21. Run as one transaction: psql -1 -v ON_ERROR_STOP=1 -f 0021_squashed.sql
-- The file of a squashed migration still says what it replaces: coming up again reads it from there.

create or replace function slipway.snapshot() returns json
language sql volatile
begin atomic
  select pg_catalog.json_build_object(
    'version', m.version,
    'identity', pg_catalog.json_build_object('project', m.project, 'environment', m.environment),
    'wanted', (
      select pg_catalog.json_build_object(
        'release', w.release, 'digest', w.digest, 'attempt', w.attempt, 'setAt', slipway.iso(w.set_at),
        'setBy', w.set_by)
      from slipway.wanted w),
    'run', (select slipway.run_json(r, r.outcome) from slipway.runs r order by r.id desc limit 1),
    'verified', (
      select pg_catalog.json_build_object(
        'release', r.release, 'digest', r.digest, 'attempt', r.attempt, 'at', slipway.iso(r.ended_at))
      from slipway.runs r where r.outcome = 'verified' order by r.id desc limit 1),
    'applied', (
      select coalesce(pg_catalog.json_agg(pg_catalog.json_build_object(
        'id', a.id, 'ordinal', a.ordinal, 'release', a.release, 'phase', a.phase, 'kind', a.kind,
        'upSha256', a.up_sha256, 'downSha256', a.down_sha256, 'appliedAt', slipway.iso(a.applied_at),
        'appliedBy', a.applied_by, 'run', a.run, 'fingerprintBefore', a.fingerprint_before,
        'fingerprintAfter', a.fingerprint_after) order by a.ordinal), '[]')
      from slipway.migrations a),
    'instances', (
      select coalesce(pg_catalog.json_agg(pg_catalog.json_build_object(
        'id', i.id, 'service', i.service, 'version', i.version, 'release', i.release, 'settings', i.settings,
        'artifact', i.artifact, 'build', i.build, 'address', i.address, 'state', i.state,
        'startedAt', slipway.iso(i.started_at)) order by i.id collate "C"), '[]')
      from slipway.instances i where i.state <> 'stopped'),
    'traffic', slipway.traffic_json(),
    'lease', (select slipway.lease_json(l) from slipway.lease l),
    'auditHead', (
      select pg_catalog.json_build_object('seq', h.seq, 'hash', h.hash) from slipway.audit_head h where h.seq > 0))
  from slipway.meta m;
end;

alter table slipway.migrations drop column replaces;
drop function slipway.replaced_by(text);

update slipway.meta set version = 20, upgraded_at = pg_catalog.clock_timestamp();
select from slipway.meta m, slipway.append_audit('slipway', null, 'ledger.reverted', m.project || '/' || m.environment,
  pg_catalog.jsonb_build_object('from', 21, 'version', 20));

-- Step 21: what a squashed migration stands for. Its file says so in lines before its first statement, and so the stored
-- SQL is where it is read from: a rollback to a release that has the single files finds that it has nothing to do.

create function slipway.replaced_by(p_up text) returns jsonb
language sql immutable set search_path = pg_catalog, pg_temp as $$
  select jsonb_agg(jsonb_build_object('id', m[1], 'upSha256', m[2], 'downSha256', nullif(m[3], 'irreversible')) order by n)
  from regexp_matches(
    substring(p_up from '^(?:[ \t\r]*(?:--[^\n]*)?\n)*'),
    '^[ \t]*--[ \t]*slipway[ \t]*:[ \t]*replaces[ \t]+(\d+_[a-z0-9_]+)[ \t]+([0-9a-f]{64})[ \t]+([0-9a-f]{64}|irreversible)[ \t\r]*$',
    'gn') with ordinality as lines (m, n)
$$;

-- Null for a migration that replaces none. Most are not looked at further than for the word.
alter table slipway.migrations add column replaces jsonb generated always as (
  case when strpos(up_sql, 'replaces') > 0 then slipway.replaced_by(up_sql) end) stored;

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
        'fingerprintAfter', a.fingerprint_after, 'replaces', a.replaces) order by a.ordinal), '[]')
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

revoke all on all functions in schema slipway from public;

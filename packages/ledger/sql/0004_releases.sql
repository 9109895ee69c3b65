-- Step 4: the releases that were here, and the one that is wanted.

create table slipway.releases (
  version text primary key,
  digest text not null,
  manifest json not null,
  stored_at timestamptz not null default pg_catalog.clock_timestamp()
);
create trigger releases_append_only before update or delete or truncate on slipway.releases
  for each statement execute function slipway.refuse_change();

create table slipway.wanted (
  one boolean primary key default true check (one),
  release text not null,
  digest text not null,
  attempt integer not null,
  set_at timestamptz not null,
  set_by text not null
);

-- Keeps a manifest and gives the digest that is kept under its version: the first one stays.
create function slipway.store_release(p_version text, p_digest text, p_manifest json) returns text
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  insert into slipway.releases (version, digest, manifest) values (p_version, p_digest, p_manifest)
  on conflict (version) do nothing;
  return (select r.digest from slipway.releases r where r.version = p_version);
end $$;

create function slipway.set_wanted(
  p_token bigint, p_run bigint, p_actor text, p_release text, p_digest text, p_attempt integer
) returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  v_before slipway.wanted;
begin
  perform slipway.fence(p_token);
  select * into v_before from slipway.wanted;
  if (v_before.release, v_before.digest, v_before.attempt) is not distinct from (p_release, p_digest, p_attempt) then
    return;
  end if;
  insert into slipway.wanted (release, digest, attempt, set_at, set_by)
  values (p_release, p_digest, p_attempt, clock_timestamp(), p_actor)
  on conflict (one) do update set
    release = excluded.release, digest = excluded.digest, attempt = excluded.attempt,
    set_at = excluded.set_at, set_by = excluded.set_by;
  perform slipway.append_audit(p_actor, p_run, 'release.wanted', p_release,
    jsonb_build_object('digest', p_digest, 'attempt', p_attempt, 'from', v_before.release));
end $$;

revoke all on all functions in schema slipway from public;

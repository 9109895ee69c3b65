-- Step 20: what a settled head looked like, object by object, and the probes that hold for it. A rollback starts and ends
-- at heads that settled before, so it needs no file to know either.

create table slipway.heads (
  migration text primary key,
  fingerprint text not null,
  -- A line for each object: kind, name and the first digits of its hash, with tabs between.
  objects text not null,
  -- A list of {name, sql}.
  probes jsonb not null,
  kept_at timestamptz not null
);

-- Keeps a head that was just settled; those that are no longer applied go. A schema that drifted is not what the head
-- looks like: then only the probes are renewed.
create function slipway.keep_head(
  p_token bigint, p_head text, p_fingerprint text, p_objects text, p_probes jsonb
) returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  perform slipway.fence(p_token);
  delete from slipway.heads h where not exists (select from slipway.migrations m where m.id = h.migration);
  insert into slipway.heads (migration, fingerprint, objects, probes, kept_at)
  select m.id, p_fingerprint, p_objects, p_probes, clock_timestamp()
  from slipway.migrations m where m.id = p_head and m.fingerprint_after = p_fingerprint
  on conflict (migration) do update set
    fingerprint = excluded.fingerprint, objects = excluded.objects, probes = excluded.probes, kept_at = excluded.kept_at;
  if not found then
    update slipway.heads h set probes = p_probes, kept_at = clock_timestamp() where h.migration = p_head;
  end if;
end $$;

revoke all on all functions in schema slipway from public;

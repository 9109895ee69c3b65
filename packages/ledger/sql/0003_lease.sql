-- Step 3: one writer per environment. The clock is the database's, whoever asks.

create table slipway.lease (
  one boolean primary key default true check (one),
  -- The fencing token. It grows with every holder and never comes back. Because it is unique, changing it
  -- takes the row lock that waits for the fences of transactions in flight; a heartbeat's change does not.
  token bigint not null unique,
  owner text,
  reason text,
  pid integer,
  host text,
  process_start text,
  ttl_ms integer check (ttl_ms > 0),
  acquired_at timestamptz,
  heartbeat_at timestamptz,
  expires_at timestamptz,
  constraint lease_whole check (
    num_nulls(owner, reason, ttl_ms, acquired_at, heartbeat_at, expires_at) in (0, 6)
  )
);

insert into slipway.lease (token) values (0);

create function slipway.lease_live(p_lease slipway.lease) returns boolean
language sql volatile
begin atomic
  select coalesce(p_lease.expires_at > pg_catalog.clock_timestamp(), false);
end;

-- The lease as people and programs see it; null when nobody holds it.
create function slipway.lease_json(p_lease slipway.lease) returns json
language sql volatile
begin atomic
  select case when p_lease.owner is not null then pg_catalog.json_build_object(
    'owner', p_lease.owner, 'reason', p_lease.reason, 'token', p_lease.token,
    'acquiredAt', slipway.iso(p_lease.acquired_at), 'heartbeatAt', slipway.iso(p_lease.heartbeat_at),
    'expiresAt', slipway.iso(p_lease.expires_at), 'live', slipway.lease_live(p_lease),
    'pid', p_lease.pid, 'host', p_lease.host, 'processStart', p_lease.process_start) end;
end;

-- Raises SW001 unless the token is the live lease's. Holds off a takeover until the transaction ends.
create function slipway.fence(p_token bigint) returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  v_lease slipway.lease;
begin
  perform from slipway.lease l where l.token = p_token and l.expires_at > clock_timestamp() for key share;
  if found then return; end if;
  select * into v_lease from slipway.lease;
  raise exception using errcode = 'SW001', message = 'the lease is lost', detail = case
    when v_lease.token is distinct from p_token and v_lease.owner is not null then
      format('%s took it over at %s (%s)', v_lease.owner, slipway.iso(v_lease.acquired_at), v_lease.reason)
    when v_lease.token is distinct from p_token or v_lease.owner is null then 'it was given back'
    else format('it expired at %s', slipway.iso(v_lease.expires_at))
  end;
end $$;

-- Takes the lease when it is free or expired, or when its token is that of a holder known to be dead.
-- Waits up to p_wait_ms for the last transaction of the holder before.
create function slipway.acquire_lease(
  p_owner text, p_reason text, p_ttl_ms integer, p_pid integer, p_host text, p_process_start text,
  p_dead_token bigint, p_wait_ms integer
) returns json
language plpgsql set search_path = pg_catalog, pg_temp set lock_timeout = '10s' as $$
declare
  v_lease slipway.lease;
  v_before slipway.lease;
  v_now timestamptz;
begin
  -- Looked at without a lock first: a live holder may have a long transaction open, and nobody waits for that.
  select * into v_before from slipway.lease;
  if slipway.lease_live(v_before) and v_before.token is distinct from p_dead_token then
    return json_build_object('acquired', false, 'lease', slipway.lease_json(v_before));
  end if;
  perform set_config('lock_timeout', p_wait_ms || 'ms', true);
  select * into v_before from slipway.lease for update;
  if slipway.lease_live(v_before) and v_before.token is distinct from p_dead_token then
    return json_build_object('acquired', false, 'lease', slipway.lease_json(v_before));
  end if;
  v_now := clock_timestamp();
  update slipway.lease set
    token = token + 1, owner = p_owner, reason = p_reason, pid = p_pid, host = p_host,
    process_start = p_process_start, ttl_ms = p_ttl_ms, acquired_at = v_now, heartbeat_at = v_now,
    expires_at = v_now + p_ttl_ms * interval '1 millisecond'
  returning * into v_lease;
  if v_before.owner is not null then
    perform slipway.append_audit(p_owner, null, 'lease.taken-over', v_before.owner, jsonb_build_object(
      'reason', p_reason, 'token', v_lease.token, 'fromToken', v_before.token, 'fromReason', v_before.reason,
      'fromHeartbeatAt', slipway.iso(v_before.heartbeat_at), 'fromExpiresAt', slipway.iso(v_before.expires_at),
      'fromDead', slipway.lease_live(v_before)));
  end if;
  return json_build_object('acquired', true, 'lease', slipway.lease_json(v_lease));
end $$;

-- An expired lease that nobody took is still its holder's: the heartbeat brings it back to life.
create function slipway.heartbeat(p_token bigint) returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  v_now timestamptz := clock_timestamp();
begin
  update slipway.lease set heartbeat_at = v_now, expires_at = v_now + ttl_ms * interval '1 millisecond'
  where token = p_token and owner is not null;
  if not found then perform slipway.fence(p_token); end if;
end $$;

-- Gives the lease back. A lease that is no longer the caller's is left alone.
create function slipway.release_lease(p_token bigint) returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  update slipway.lease set
    owner = null, reason = null, pid = null, host = null, process_start = null, ttl_ms = null,
    acquired_at = null, heartbeat_at = null, expires_at = null
  where token = p_token;
end $$;

-- An audit event in the name of a lease, or, with a null token, of nobody's.
create function slipway.append_event(
  p_token bigint, p_actor text, p_run bigint, p_kind text, p_subject text, p_data jsonb, out seq bigint, out hash text
)
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  if p_token is not null then perform slipway.fence(p_token); end if;
  select a.seq, a.hash into seq, hash from slipway.append_audit(p_actor, p_run, p_kind, p_subject, p_data) a;
end $$;

revoke all on all functions in schema slipway from public;

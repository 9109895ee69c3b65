-- Step 14: what a rollback saved to slipway_saved, trimmed to what was really lost, and put back by the next up of the
-- same migration.

-- Makes the place for copies. Only a rollback that saves something calls it: most databases never have one.
create function slipway.prepare_saved() returns void
language plpgsql set search_path = pg_catalog, pg_temp set client_min_messages = warning as $$
begin
  create schema if not exists slipway_saved;
  revoke all on schema slipway_saved from public;
  create table if not exists slipway_saved.saved (
    name text primary key, migration text not null, source text not null, what text not null, columns text[],
    saved_at timestamptz not null, saved_by text not null, row_count bigint not null
  );
  alter table slipway_saved.saved
    add column if not exists saved_in text,
    add column if not exists expires_at timestamptz not null default clock_timestamp() + interval '90 days',
    add column if not exists put_back_at timestamptz,
    add column if not exists put_back_by text,
    add column if not exists put_back jsonb;
end $$;

-- The columns of a copy that its table has too, with the expression that reads them from the copy (as s), or why they
-- cannot be read: types made by users are kept as text.
create function slipway.saved_columns(p_copy regclass, p_table regclass)
returns table (name text, value text, differs boolean, is_key boolean, is_generated boolean)
language sql stable
begin atomic
  select t.attname::text,
    case
      when c.atttypid = t.atttypid then pg_catalog.format('s.%I', c.attname)
      else pg_catalog.format('s.%I::%s', c.attname, pg_catalog.format_type(t.atttypid, t.atttypmod))
    end,
    c.atttypid <> t.atttypid and not (
      c.atttypid = 'text'::pg_catalog.regtype and y.typnamespace <> 'pg_catalog'::pg_catalog.regnamespace),
    coalesce(t.attnum = any (k.conkey), false),
    t.attgenerated <> ''
  from pg_catalog.pg_attribute c
  join pg_catalog.pg_attribute t on t.attname = c.attname and t.attrelid = p_table
  join pg_catalog.pg_type y on y.oid = t.atttypid
  left join pg_catalog.pg_constraint k on k.conrelid = p_table and k.contype = 'p'
  where c.attrelid = p_copy and c.attnum > 0 and not c.attisdropped and t.attnum > 0 and not t.attisdropped
  order by t.attnum;
end;

-- The condition that a row of the table (as t) and one of the copy (as s) are the same; null without a primary key, or
-- where the copy has not all of it.
create function slipway.saved_match(p_copy regclass, p_table regclass) returns text
language sql stable
begin atomic
  select case when count(c.name) = pg_catalog.cardinality(k.conkey) then
    pg_catalog.string_agg(pg_catalog.format('t.%I = %s', c.name, c.value), ' and ') end
  from pg_catalog.pg_constraint k
  left join slipway.saved_columns(p_copy, p_table) c on c.is_key and not c.differs
  where k.conrelid = p_table and k.contype = 'p' group by k.conkey;
end;

-- Right after the rollback, in its transaction: rows and values that it left as they were are not lost, so they go
-- from the copy; where it changed a column's values, what it made of them is kept beside them.
create function slipway.trim_saved(p_migration text) returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  v_saved record;
  v_copy regclass;
  v_table regclass;
  v_match text;
  v_same text;
  v_after text;
  v_count bigint;
begin
  if to_regclass('slipway_saved.saved') is null then return; end if;
  perform slipway.prepare_saved();
  for v_saved in
    select * from slipway_saved.saved s
    where s.migration = p_migration and s.saved_in = pg_current_xact_id()::text and s.what <> 'table'
  loop
    v_copy := format('slipway_saved.%I', v_saved.name)::regclass;
    v_table := to_regclass(v_saved.source);
    v_match := slipway.saved_match(v_copy, v_table);
    continue when v_match is null;
    if v_saved.what = 'rows' then
      -- Where a column is gone too, every row lost something.
      continue when (select count(*) from slipway.saved_columns(v_copy, v_table) c where not c.differs)
        < (select count(*) from pg_attribute a where a.attrelid = v_copy and a.attnum > 0 and not a.attisdropped);
      select string_agg(format('t.%I::text is not distinct from s.%1$I::text', c.name), ' and ') into v_same
      from slipway.saved_columns(v_copy, v_table) c;
    else
      select string_agg(format('t.%I::text is not distinct from s.%1$I::text', c.name), ' and '),
        string_agg(format('%L, t.%1$I::text', c.name), ', ')
      into v_same, v_after
      from slipway.saved_columns(v_copy, v_table) c where c.name = any (v_saved.columns);
      continue when v_same is null;
      execute format('alter table %s add column slipway_after jsonb', v_copy);
      execute format('update %s s set slipway_after = jsonb_build_object(%s) from %s t where %s', v_copy, v_after,
        v_table, v_match);
      -- A column that is gone is lost in every row.
      continue when exists (
        select from unnest(v_saved.columns) as lost (name)
        where lost.name not in (select c.name from slipway.saved_columns(v_copy, v_table) c));
    end if;
    execute format('delete from %s s using %s t where %s and %s', v_copy, v_table, v_match, v_same);
    execute format('select count(*) from %s', v_copy) into v_count;
    update slipway_saved.saved s set row_count = v_count where s.name = v_saved.name;
  end loop;
end $$;

-- Puts one copy back and tells how that went. What is in the table already stays as it is.
create function slipway.put_back_copy(p_name text) returns jsonb
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  v_saved record;
  v_copy regclass := format('slipway_saved.%I', p_name)::regclass;
  v_table regclass;
  v_match text;
  v_names text;
  v_values text;
  v_notes text[] := '{}';
  v_put bigint := 0;
  v_busy boolean;
  v_changed boolean;
  v_column record;
  v_trigger text;
  v_triggers text[];
begin
  select * into strict v_saved from slipway_saved.saved s where s.name = p_name;
  v_table := to_regclass(v_saved.source);
  if v_table is null then
    return jsonb_build_object('putBack', 0, 'kept', v_saved.row_count, 'note', 'the table is not there');
  end if;
  v_notes := array(
    select format('column %I has another type', c.name) from slipway.saved_columns(v_copy, v_table) c
    where c.differs and (v_saved.columns is null or c.name = any (v_saved.columns))
    union all
    select format('column %I is not there', a.attname) from pg_attribute a
    where a.attrelid = v_copy and a.attnum > 0 and not a.attisdropped and a.attname <> 'slipway_after'
      and (v_saved.columns is null or a.attname = any (v_saved.columns))
      and a.attname not in (select c.name from slipway.saved_columns(v_copy, v_table) c));
  v_match := slipway.saved_match(v_copy, v_table);
  -- What the app does when it writes was done when the rows were written first.
  v_triggers := array(
    select tgname from pg_trigger where tgrelid = v_table and not tgisinternal and tgenabled = 'O');
  foreach v_trigger in array v_triggers loop
    execute format('alter table %s disable trigger %I', v_table, v_trigger);
  end loop;
  if v_saved.what in ('table', 'rows') then
    select string_agg(format('%I', c.name), ', '), string_agg(c.value, ', ') into v_names, v_values
    from slipway.saved_columns(v_copy, v_table) c where not c.differs and not c.is_generated;
    execute format('select exists (select from %s)', v_table) into v_busy;
    if v_busy and v_match is null then
      v_notes := v_notes || 'the table has rows, and no primary key tells them from the saved ones'::text;
    elsif v_names is not null then
      execute format('insert into %s (%s) overriding system value select %s from %s s on conflict do nothing',
        v_table, v_names, v_values, v_copy);
      get diagnostics v_put = row_count;
      for v_column in
        select c.name, pg_get_serial_sequence(v_table::text, c.name) as sequence
        from slipway.saved_columns(v_copy, v_table) c
      loop
        continue when v_column.sequence is null;
        execute format(
          'select setval(%L, greatest(max(t.%I)::bigint, (select last_value from %s))) from %s t having max(t.%2$I) is not null',
          v_column.sequence, v_column.name, v_column.sequence, v_table);
      end loop;
    end if;
  elsif v_match is null then
    v_notes := v_notes || 'no primary key tells which rows the values belong to'::text;
  else
    v_changed := exists (
      select from pg_attribute a where a.attrelid = v_copy and a.attname = 'slipway_after' and not a.attisdropped);
    for v_column in
      select c.name, c.value from slipway.saved_columns(v_copy, v_table) c
      where c.name = any (v_saved.columns) and not c.differs and not c.is_generated
    loop
      -- A value that the rollback changed goes back only where nobody changed it since.
      execute format(
        'update %1$s t set %2$I = %3$s from %4$s s where %5$s and t.%2$I::text is distinct from (%3$s)::text %6$s',
        v_table, v_column.name, v_column.value, v_copy, v_match, case when v_changed then format(
          'and (s.slipway_after is null or not s.slipway_after ? %1$L or s.slipway_after ->> %1$L is not distinct from t.%2$I::text)',
          v_column.name, v_column.name) end);
    end loop;
    -- Counted by what is there now, so that a value that never changed is not told as kept out.
    execute format('select count(*) from %s s join %s t on %s where %s', v_copy, v_table, v_match, coalesce((
      select string_agg(format('t.%I::text is not distinct from (%s)::text', c.name, c.value), ' and ')
      from slipway.saved_columns(v_copy, v_table) c where c.name = any (v_saved.columns) and not c.differs), 'false'))
    into v_put;
  end if;
  foreach v_trigger in array v_triggers loop
    execute format('alter table %s enable trigger %I', v_table, v_trigger);
  end loop;
  return jsonb_build_object('putBack', v_put, 'kept', v_saved.row_count - v_put,
    'note', nullif(array_to_string(v_notes, '; '), ''));
end $$;

-- Puts back what rollbacks of a migration saved and no up has put back yet: of each table the newest copy. Tables wait
-- for those that they refer to. What cannot be put back never fails the migration: it stays saved, and is told.
create function slipway.put_back(p_token bigint, p_run bigint, p_actor text, p_migration text) returns void
language plpgsql set search_path = pg_catalog, pg_temp set row_security = off as $$
declare
  v_left text[];
  v_next text[];
  v_name text;
  v_result jsonb;
  v_failures jsonb := '{}';
begin
  perform slipway.fence(p_token);
  if to_regclass('slipway_saved.saved') is null then return; end if;
  perform slipway.prepare_saved();
  v_left := array(
    select newest.name from (
      select distinct on (s.source) s.name, s.saved_at from slipway_saved.saved s
      where s.migration = p_migration and s.put_back_at is null
      order by s.source, s.saved_at desc, s.name collate "C" desc) newest
    order by newest.name collate "C");
  while cardinality(v_left) > 0 loop
    v_next := '{}';
    foreach v_name in array v_left loop
      begin
        v_result := slipway.put_back_copy(v_name);
        perform slipway.note_put_back(p_run, p_actor, v_name, v_result);
      exception
        when lock_not_available or deadlock_detected then raise;
        when others then
          v_next := v_next || v_name;
          -- Messages about data quote it; those about constraints name the constraint.
          v_failures := v_failures || jsonb_build_object(v_name,
            case when sqlstate like '23%' then sqlerrm else 'the database refuses the rows' end
            || format(' (SQLSTATE %s)', sqlstate));
      end;
    end loop;
    exit when v_next = v_left;
    v_left := v_next;
  end loop;
  foreach v_name in array v_left loop
    perform slipway.note_put_back(p_run, p_actor, v_name, (
      select jsonb_build_object('putBack', 0, 'kept', s.row_count, 'note', v_failures ->> v_name)
      from slipway_saved.saved s where s.name = v_name));
  end loop;
end $$;

create function slipway.note_put_back(p_run bigint, p_actor text, p_name text, p_result jsonb) returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  v_saved record;
begin
  update slipway_saved.saved s set put_back_at = clock_timestamp(), put_back_by = p_actor, put_back = p_result
  where s.name = p_name returning * into strict v_saved;
  perform slipway.append_audit(p_actor, p_run, 'migration.put-back', v_saved.migration,
    jsonb_build_object('saved', p_name, 'source', v_saved.source) || p_result);
end $$;

-- What is saved, newest first, with its size on the disk.
create function slipway.saved_list() returns setof json
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
  if to_regclass('slipway_saved.saved') is null then return; end if;
  return query select json_build_object(
    'name', s.name, 'migration', s.migration, 'source', s.source, 'what', s.what, 'columns', s.columns,
    'rows', s.row_count, 'bytes', pg_total_relation_size(to_regclass(format('slipway_saved.%I', s.name))),
    'savedAt', slipway.iso(s.saved_at), 'savedBy', s.saved_by, 'expiresAt', slipway.iso(s.expires_at),
    'expired', s.expires_at < clock_timestamp(), 'putBackAt', slipway.iso(s.put_back_at), 'putBack', s.put_back)
  from slipway_saved.saved s order by s.saved_at desc, s.name collate "C";
end $$;

-- Removes copies for good: those of the given names, when they have expired or were put back whole.
create function slipway.remove_saved(p_token bigint, p_actor text, p_names text[]) returns setof text
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  v_saved record;
begin
  perform slipway.fence(p_token);
  if to_regclass('slipway_saved.saved') is null then return; end if;
  for v_saved in
    select * from slipway_saved.saved s where s.name = any (p_names) and (
      s.expires_at < clock_timestamp() or (s.put_back ->> 'kept')::bigint = 0) order by s.name collate "C"
  loop
    execute format('drop table slipway_saved.%I', v_saved.name);
    delete from slipway_saved.saved s where s.name = v_saved.name;
    perform slipway.append_audit(p_actor, null, 'saved.removed', v_saved.migration, jsonb_build_object(
      'saved', v_saved.name, 'source', v_saved.source, 'rows', v_saved.row_count,
      'savedAt', slipway.iso(v_saved.saved_at), 'expiresAt', slipway.iso(v_saved.expires_at)));
    return next v_saved.name;
  end loop;
end $$;

revoke all on all functions in schema slipway from public;

-- Step 10: what a flag may look like. A row that a process cannot read would keep the whole document from it, with
-- the kill that is in it: so nothing gets in that `parseFlagDocument` refuses. A test compares the two.

-- The first thing that is wrong, or null. Each line of the shape: what is looked at (a path, lax: what is absent
-- is fine), its type, a condition under which it is refused all the same, and what it must be.
create function slipway.shape_problem(p_value jsonb, p_shape text[][]) returns text
language plpgsql immutable set search_path = pg_catalog, pg_temp as $$
declare
  v_line text[];
begin
  foreach v_line slice 1 in array p_shape loop
    if jsonb_path_exists(p_value, format('lax %s.type() ? (@ != %s)', v_line[1], to_json(v_line[2]))::jsonpath)
      or (v_line[3] <> '' and jsonb_path_exists(p_value, format('lax %s ? (%s)', v_line[1], v_line[3])::jsonpath)) then
      return v_line[4];
    end if;
  end loop;
  return null;
end $$;

create function slipway.is_moment(p_text text) returns boolean
language plpgsql immutable set search_path = pg_catalog, pg_temp as $$
begin
  if p_text !~ '^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,6})?)?(Z|[+-]\d\d:\d\d)$' or p_text ~ 'T24|^0000' then return false; end if;
  perform p_text::timestamptz;
  return p_text !~ ':6\d';
exception when datetime_field_overflow or invalid_datetime_format or invalid_time_zone_displacement_value then
  return false;
end $$;

-- A member that is absent, null, or a moment.
create function slipway.moment_problem(p_value jsonb, p_member text) returns text
language sql immutable
begin atomic
  select case
    when coalesce(pg_catalog.jsonb_typeof(p_value -> p_member), 'null') = 'null' then null
    when pg_catalog.jsonb_typeof(p_value -> p_member) = 'string' and slipway.is_moment(p_value ->> p_member) then null
    else p_member || ' must be a moment like 2027-01-31T12:00:00Z'
  end;
end;

create function slipway.constraints_problem(p_constraints jsonb) returns text
language plpgsql immutable set search_path = pg_catalog, pg_temp as $$
begin
  if jsonb_typeof(p_constraints) is distinct from 'array' then return 'the constraints must be a list'; end if;
  return slipway.shape_problem(jsonb_build_object('c', p_constraints), array[
    ['$.c[*]', 'object', '!(exists (@.attribute)) || !(exists (@.operator)) || !(exists (@.values))',
      'a constraint must have an attribute, an operator and values'],
    ['$.c[*].attribute', 'string', '@ == ""', 'a constraint''s attribute must be a text'],
    ['$.c[*].operator', 'string', '@ == ""', 'a constraint''s operator must be a text'],
    ['$.c[*].values', 'array', '', 'a constraint''s values must be a list'],
    ['$.c[*].values[*]', 'string', '', 'a constraint''s values must be texts'],
    ['$.c[*].caseInsensitive', 'boolean', '', 'a constraint''s caseInsensitive must be true or false'],
    ['$.c[*].inverted', 'boolean', '', 'a constraint''s inverted must be true or false']
  ]);
end $$;

create function slipway.variants_problem(p_variants jsonb) returns text
language sql immutable
begin atomic
  select slipway.shape_problem(pg_catalog.jsonb_build_object('v', p_variants), array[
    ['$.v[*]', 'object', '!(exists (@.name)) || !(exists (@.weight))', 'a variant must have a name and a weight'],
    ['$.v[*].name', 'string', '@ == ""', 'a variant''s name must be a text'],
    ['$.v[*].weight', 'number', '@ < 0 || @ > 1000000 || @.floor() != @',
      'a variant''s weight must be an integer from 0 to 1000000'],
    ['$.v[*].stickiness', 'string', '@ == ""', 'a variant''s stickiness must be a text'],
    ['$.v[*].overrides', 'array', '', 'a variant''s overrides must be a list'],
    ['$.v[*].overrides[*]', 'object', '!(exists (@.attribute)) || !(exists (@.values))',
      'a variant''s override must have an attribute and values'],
    ['$.v[*].overrides[*].attribute', 'string', '@ == ""', 'an override''s attribute must be a text'],
    ['$.v[*].overrides[*].values', 'array', '', 'an override''s values must be a list'],
    ['$.v[*].overrides[*].values[*]', 'string', '', 'an override''s values must be texts']
  ]);
end;

create function slipway.targeting_problem(p_targeting jsonb) returns text
language plpgsql immutable set search_path = pg_catalog, pg_temp as $$
declare
  v_member text;
begin
  if jsonb_typeof(p_targeting) is distinct from 'object' then return 'the targeting must be an object'; end if;
  for v_member in select k from jsonb_object_keys(p_targeting) k loop
    if v_member not in ('rules', 'variants', 'dependencies', 'activeFrom', 'activeUntil') then
      return format('%s is not known: rules, variants, dependencies, activeFrom, activeUntil are', v_member);
    end if;
  end loop;
  return coalesce(
    slipway.shape_problem(p_targeting, array[
      ['$.rules', 'array', '', 'rules must be a list'],
      ['$.rules[*]', 'object', '', 'a rule must be an object'],
      ['$.rules[*].constraints', 'array', '', 'a rule''s constraints must be a list'],
      ['$.rules[*].segments', 'array', '', 'a rule''s segments must be a list'],
      ['$.rules[*].segments[*]', 'string', '', 'a rule''s segments must be texts'],
      ['$.rules[*].userIds', 'array', '', 'a rule''s userIds must be a list'],
      ['$.rules[*].userIds[*]', 'string', '', 'a rule''s userIds must be texts'],
      ['$.rules[*].rollout', 'number', '@ < 0 || @ > 100 || @.floor() != @',
        'a rule''s rollout must be an integer from 0 to 100'],
      ['$.rules[*].stickiness', 'string', '@ == ""', 'a rule''s stickiness must be a text'],
      ['$.rules[*].groupId', 'string', '@ == ""', 'a rule''s groupId must be a text'],
      ['$.rules[*].variants', 'array', '', 'a rule''s variants must be a list'],
      ['$.variants', 'array', '', 'variants must be a list'],
      ['$.dependencies', 'array', '', 'dependencies must be a list'],
      ['$.dependencies[*]', 'object', '!(exists (@.flag))', 'a dependency must name a flag'],
      ['$.dependencies[*].flag', 'string', '@ == ""', 'a dependency must name a flag'],
      ['$.dependencies[*].enabled', 'boolean', '', 'a dependency''s enabled must be true or false'],
      ['$.dependencies[*].variants', 'array', '', 'a dependency''s variants must be a list'],
      ['$.dependencies[*].variants[*]', 'string', '', 'a dependency''s variants must be texts']
    ]),
    slipway.constraints_problem(jsonb_path_query_array(p_targeting, 'lax $.rules[*].constraints[*]')),
    slipway.variants_problem(jsonb_path_query_array(p_targeting, 'lax $.rules[*].variants[*]')),
    slipway.variants_problem(jsonb_path_query_array(p_targeting, 'lax $.variants[*]')),
    slipway.moment_problem(p_targeting, 'activeFrom'),
    slipway.moment_problem(p_targeting, 'activeUntil'));
end $$;

create function slipway.declaration_problem(p_declaration jsonb) returns text
language plpgsql immutable set search_path = pg_catalog, pg_temp as $$
begin
  if jsonb_typeof(p_declaration) is distinct from 'object' then return 'the declaration must be an object'; end if;
  return coalesce(
    slipway.shape_problem(jsonb_strip_nulls(p_declaration - 'safeValue'), array[
      ['$', 'object', '!(exists (@.owner))', 'owner is missing'],
      ['$.owner', 'string', '@ == ""', 'owner must be a text'],
      ['$.release', 'string', '@ == ""', 'release must be a text or null'],
      ['$.offVariant', 'string', '@ == ""', 'offVariant must be a text or null'],
      ['$.groupId', 'string', '@ == ""', 'groupId must be a text'],
      ['$.stickiness', 'string', '@ == "" || @ == "random"', 'stickiness must be an attribute'],
      ['$.description', 'string', '', 'description must be a text'],
      ['$.initial', 'object', '', 'initial must be an object'],
      ['$.initial.enabled', 'boolean', '', 'initial.enabled must be true or false'],
      ['$.initial.rollout', 'number', '@ < 0 || @ > 100 || @.floor() != @',
        'initial.rollout must be an integer from 0 to 100']
    ]),
    slipway.moment_problem(p_declaration, 'expiresAt'),
    slipway.targeting_problem(coalesce(p_declaration -> 'initial', '{}') - 'enabled' - 'rollout'));
end $$;

revoke all on all functions in schema slipway from public;

-- Step 18: an initial state that is no object is refused in words. As in step 10 otherwise.

create or replace function slipway.declaration_problem(p_declaration jsonb) returns text
language plpgsql immutable set search_path = pg_catalog, pg_temp as $$
begin
  if jsonb_typeof(p_declaration) is distinct from 'object' then return 'the declaration must be an object'; end if;
  if p_declaration ? 'initial' and jsonb_typeof(p_declaration -> 'initial') <> 'object' then return 'initial must be an object'; end if;
  return coalesce(
    slipway.shape_problem(jsonb_strip_nulls(p_declaration - 'safeValue'), array[
      ['$', 'object', '!(exists (@.owner))', 'owner is missing'],
      ['$.owner', 'string', '@ == ""', 'owner must be a text'],
      ['$.release', 'string', '@ == ""', 'release must be a text or null'],
      ['$.offVariant', 'string', '@ == ""', 'offVariant must be a text or null'],
      ['$.groupId', 'string', '@ == ""', 'groupId must be a text'],
      ['$.stickiness', 'string', '@ == "" || @ == "random"', 'stickiness must be an attribute'],
      ['$.description', 'string', '', 'description must be a text'],
      ['$.initial.enabled', 'boolean', '', 'initial.enabled must be true or false'],
      ['$.initial.rollout', 'number', '@ < 0 || @ > 100 || @.floor() != @',
        'initial.rollout must be an integer from 0 to 100']
    ]),
    slipway.moment_problem(p_declaration, 'expiresAt'),
    slipway.targeting_problem(coalesce(p_declaration -> 'initial', '{}') - 'enabled' - 'rollout'));
end $$;

revoke all on all functions in schema slipway from public;

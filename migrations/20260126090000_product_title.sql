-- slipway: lossless name holds the same values
-- 1.3.0, expand: products.name is to be called title. While the release before still writes name and this
-- one writes title, a trigger keeps the two equal, whoever writes.

alter table products add column title text;
update products set title = name;

create function products_name_and_title() returns trigger language plpgsql as $$
begin
  if tg_op = 'INSERT' then
    new.title := coalesce(new.title, new.name);
    new.name := coalesce(new.name, new.title);
  elsif new.title is distinct from old.title then
    new.name := new.title;
  elsif new.name is distinct from old.name then
    new.title := new.name;
  end if;
  return new;
end $$;

create trigger products_name_and_title before insert or update on products
  for each row execute function products_name_and_title();

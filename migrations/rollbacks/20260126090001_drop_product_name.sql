alter table products add column name text;
update products set name = title;
alter table products alter column name set not null;
alter table products alter column title drop not null;

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

-- 1.0.0: what is for sale, and what was sold.

create table products (
  id int generated always as identity primary key,
  name text not null,
  price_cents int not null check (price_cents >= 0)
);

create table orders (
  id int generated always as identity primary key,
  product_id int not null references products (id),
  quantity int not null check (quantity > 0),
  ordered_at timestamptz not null default now()
);
create index orders_product on orders (product_id);

insert into products (name, price_cents) values
  ('Anchor', 4900), ('Rope, 10 m', 1250), ('Lantern', 2990), ('Compass', 3450), ('Chart of the bay', 990);

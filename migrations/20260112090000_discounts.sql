-- 1.1.0: a product may be discounted. The release before does not see the column.

alter table products
  add column discount_percent int not null default 0 check (discount_percent between 0 and 90);

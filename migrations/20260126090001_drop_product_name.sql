-- slipway: contract
-- slipway: lossless title holds the same values
-- 1.3.0, contract: nobody reads or writes name any more.

drop trigger products_name_and_title on products;
drop function products_name_and_title();
alter table products alter column title set not null;
alter table products drop column name;

drop trigger products_name_and_title on products;
drop function products_name_and_title();
alter table products drop column title;

/** The schema that {@link statementSamples} are statements of. Every table has rows, so that a scan reads something. */
export const sampleSchema = `
  create role sample_reader;
  create schema app;
  create type mood as enum ('ok', 'bad');
  create type pair as (a int, b text);
  create domain amount as numeric(10, 2);
  create sequence counter;
  create table customers (id int primary key, name text not null, size int, code varchar(10), price numeric(8, 2),
    m mood, worth amount, since timestamptz default now(), spare int not null,
    twice int generated always as (size * 2) stored);
  create unique index customers_code on customers (code);
  create index customers_name on customers (name);
  create table orders (id int primary key, customer int, note text, at date, constraint note_short check (length(note) < 99) not valid);
  create index orders_at on orders (at);
  create table items (id int primary key, order_id int constraint items_order references orders (id));
  create table app.logs (id int, line text);
  create table parts (id int, day date) partition by range (day);
  create table parts_1 partition of parts for values from ('2020-01-01') to ('2021-01-01');
  create table loose (id int, day date);
  create table parent (id int);
  create table serials (id serial, n int);
  create view open_orders as select id, note from orders;
  create materialized view summary as select id, count(*) as n from orders group by id;
  create unique index summary_id on summary (id);
  create function touch() returns trigger language plpgsql as $$ begin return new; end $$;
  create function double(n int) returns int language sql as 'select n * 2';
  create procedure tidy() language sql as 'select 1';
  create trigger touch before update on orders for each row execute function touch();
  create rule quiet as on delete to app.logs do instead nothing;
  alter table items enable row level security;
  create policy mine on items for select using (order_id > 0);
  create publication feed for table customers;
  create statistics orders_stats on note, at from orders;
  insert into customers select n, 'c' || n, n, 'k' || n, n, 'ok', n, now(), n from generate_series(1, 20) n;
  insert into orders select n, n, 'note', '2020-05-05' from generate_series(1, 20) n;
  insert into items select n, n from generate_series(1, 20) n;
  insert into app.logs select n, 'l' from generate_series(1, 20) n;
  insert into parts select n, '2020-05-05' from generate_series(1, 20) n;
  insert into loose select n, '2022-05-05' from generate_series(1, 20) n;
  insert into parent select n from generate_series(1, 20) n;
  insert into serials (n) select n from generate_series(1, 20) n;
  refresh materialized view summary;
`;

/** Statements of every family, as migrations have them. */
export const statementSamples: readonly string[] = `
create table fresh (id int primary key)
create table fresh (id int references orders (id), other int references customers)
create table fresh (like orders including all)
create table fresh () inherits (parent)
create table parts_2 partition of parts for values from ('2023-01-01') to ('2024-01-01')
create table fresh as select * from orders
create table if not exists orders (id int)
create temp table scratch (id int)
select id into fresh from orders
drop table loose
drop table app.logs, loose
drop table items cascade
truncate loose
truncate app.logs, loose
alter table orders rename to orders_2
alter table orders rename column note to remark
alter table orders rename constraint note_short to note_brief
alter table orders set schema app
alter table orders add column extra int
alter table orders add column extra int not null default 0
alter table orders add column extra timestamptz default now()
alter table orders add column extra uuid default gen_random_uuid()
alter table orders add column extra float default random()
alter table orders add column extra timestamptz default clock_timestamp()
alter table orders add column extra serial
alter table orders add column extra int generated always as identity
alter table orders add column extra int generated always as (id + 1) stored
alter table orders add column extra int generated always as (id + 1) virtual
alter table orders add column extra int unique
alter table orders add column extra int check (extra > 0)
alter table orders add column extra int references customers (id)
alter table orders add column if not exists note text
alter table orders add column a int, add column b text default 'x'
alter table orders drop column customer
alter table orders alter column note set default 'x'
alter table orders alter column note drop default
alter table orders alter column note set not null
alter table customers alter column name drop not null
alter table customers alter column spare type bigint
alter table customers alter column code type varchar(20)
alter table customers alter column code type text
alter table customers alter column name type varchar(99)
alter table customers alter column price type numeric(12, 2)
alter table customers alter column spare type text using spare::text
alter table customers alter column twice set expression as (size * 3)
alter table customers alter column twice drop expression
alter table customers alter column spare add generated always as identity
alter table customers alter column name set statistics 200
alter table customers alter column name set (n_distinct = 5)
alter table customers alter column name set storage external
alter table customers alter column name set compression pglz
alter table orders add constraint k check (id > 0)
alter table orders add constraint k check (id > 0) not valid
alter table orders validate constraint note_short
alter table orders drop constraint note_short
alter table orders add constraint k foreign key (customer) references customers (id)
alter table orders add constraint k foreign key (customer) references customers (id) not valid
alter table items add constraint k foreign key (id) references items (id)
alter table items alter constraint items_order deferrable
alter table orders add constraint k unique (at, id)
alter table loose add primary key (id)
alter table customers add constraint k unique using index customers_code
alter table orders add constraint k exclude using btree (id with =)
alter table orders add constraint k not null note
alter table orders enable row level security
alter table items disable row level security
alter table orders force row level security
alter table orders disable trigger touch
alter table orders enable always trigger touch
alter table app.logs disable rule quiet
alter table orders owner to sample_reader
alter table orders set (fillfactor = 70)
alter table orders set (autovacuum_enabled = false)
alter table orders reset (fillfactor)
alter table loose set unlogged
alter table orders set logged
alter table orders cluster on orders_at
alter table orders set without cluster
alter table orders replica identity full
alter table loose inherit parent
alter table parts attach partition loose for values from ('2022-01-01') to ('2023-01-01')
alter table parts detach partition parts_1
alter table parts detach partition parts_1 concurrently
alter type pair add attribute c int
alter index orders_at rename to orders_day
alter index orders_at set (fillfactor = 70)
alter view open_orders rename to open_ones
alter view open_orders set (security_invoker = true)
alter view open_orders owner to sample_reader
alter materialized view summary rename to totals
alter sequence counter restart with 5
alter sequence counter owned by orders.id
alter sequence serials_id_seq as bigint
create index on orders (note)
create unique index orders_customer on orders (customer)
create index concurrently orders_customer on orders (customer)
create index if not exists orders_at on orders (at)
drop index orders_at
drop index concurrently orders_at
reindex table orders
reindex index orders_at
reindex table concurrently orders
reindex index concurrently orders_at
reindex schema public
create statistics s on note, customer from orders
drop statistics orders_stats
create view latest as select o.id, c.name from orders o join customers c on c.id = o.customer
create or replace view open_orders as select id, note from orders
create view latest with (security_invoker = true) as with w as (select id from orders) select id from w
drop view open_orders
create materialized view totals as select count(*) from orders
refresh materialized view summary
refresh materialized view concurrently summary
drop materialized view summary
create function f() returns int language sql as 'select 1'
create or replace function double(n int) returns int language sql as 'select n + n'
create function f() returns int language plpgsql as $$ begin delete from orders; return 1; end $$
alter function double(int) security definer
drop function double(int)
create procedure p() language sql as 'select 1'
create trigger t after insert on orders for each row execute function touch()
create or replace trigger touch before update on orders for each row execute function touch()
drop trigger touch on orders
create policy p on orders for select using (customer = 1)
create policy p on orders using (exists (select from customers c where c.id = customer))
alter policy mine on items using (order_id > 1)
drop policy mine on items
create rule r as on insert to orders do instead nothing
drop rule quiet on app.logs
create type level as enum ('low', 'high')
alter type mood add value 'fine'
alter type mood rename value 'ok' to 'okay'
create type size_range as range (subtype = int)
create type triple as (a int, b int, c int)
drop type pair
create domain positive as int check (value > 0)
alter domain amount add constraint c check (value > 0)
alter domain amount add constraint c check (value > 0) not valid
create sequence s
drop sequence counter
create schema s
alter schema app rename to application
drop schema app cascade
create extension if not exists plpgsql
grant select on orders to sample_reader
grant usage on schema app to sample_reader
grant execute on function double(int) to sample_reader
revoke all on orders from public
alter default privileges in schema public grant select on tables to sample_reader
comment on table orders is 'all'
comment on column orders.note is 'a note'
comment on view open_orders is 'open'
comment on function double(int) is 'twice'
create publication p for table orders
alter publication feed add table orders
create role another
alter role sample_reader set statement_timeout = '5s'
insert into loose values (1, '2020-01-01')
insert into loose select id, at from orders
insert into customers (id, name, spare) values (1, 'a', 1) on conflict (id) do update set name = 'b'
update orders set note = 'x' where id = 1
update orders o set note = c.name from customers c where c.id = o.customer
delete from loose
delete from items using orders where orders.id = items.order_id
merge into loose l using orders o on l.id = o.id when matched then delete when not matched then insert values (o.id, o.at)
with gone as (delete from loose returning id) select count(*) from gone
with gone as (delete from loose returning id) insert into app.logs select id, 'gone' from gone
select * from orders
select * from orders for update
select set_config('search_path', 'app', true)
select double(2)
select public.double(2)
do $$ begin update orders set note = 'y'; end $$
call tidy()
vacuum orders
vacuum full loose
vacuum analyze orders
analyze orders
cluster orders using orders_at
lock table orders
lock table orders in share mode
set local lock_timeout = '1s'
set statement_timeout = 0
savepoint a
`
  .split("\n")
  .filter((line) => line !== "");

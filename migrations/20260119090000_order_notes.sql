-- 1.2.0: a note on an order.

alter table orders add column note text;
